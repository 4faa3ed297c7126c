import { maySend, purposeOf, purposes, rowOf, templates, type Purpose, type Template } from './node-table.ts';
import type { DutyHolders, DeploymentNode } from './persona.ts';
import type { MailRecord } from './mail-record.ts';

/** From `since` on (simulated instant), these nodes hold the duties. */
export interface DutyChange {
  readonly since: number;
  readonly holders: DutyHolders;
}

export interface AuditFinding {
  readonly mail: string;
  readonly rule: 'unknown sender' | 'unknown purpose' | 'node table' | 'claimed node' | 'template';
  readonly message: string;
}

export interface Audit {
  readonly judged: number;
  readonly findings: readonly AuditFinding[];
}

/** Judges every accepted mail against the node table and the duty history, by the receiving side's evidence. */
export function auditMail(
  records: readonly MailRecord[],
  nodes: readonly DeploymentNode[],
  history: readonly DutyChange[],
): Audit {
  return { judged: records.length, findings: records.flatMap((record) => judge(record, nodes, history)) };
}

type Breach = Omit<AuditFinding, 'mail'>;

function judge(record: MailRecord, nodes: readonly DeploymentNode[], history: readonly DutyChange[]): AuditFinding[] {
  const node = nodes.find(({ name }) => name === record.sentBy);
  const found = [...judgeClaimedNode(record), ...(node ? judgePurpose(record, node, history) : [unknownSender(record)])];
  return found.map((each) => ({ mail: record.id, ...each }));
}

function judgeClaimedNode({ claimedNode, sentBy, remoteAddress, ehlo }: MailRecord): Breach[] {
  if (claimedNode === null || claimedNode === sentBy) return [];
  return [{ rule: 'claimed node', message: `the headers claim ${claimedNode}, but ${sentBy ?? 'an unknown host'} connected (${remoteAddress}, EHLO ${ehlo})` }];
}

function unknownSender({ remoteAddress, ehlo }: MailRecord): Breach {
  return { rule: 'unknown sender', message: `${remoteAddress}, EHLO ${ehlo}, is no node of the deployment` };
}

function judgePurpose({ purpose, template, begunAtSimulated }: MailRecord, node: DeploymentNode, history: readonly DutyChange[]): Breach[] {
  if (!isPurpose(purpose)) return [{ rule: 'unknown purpose', message: `${node.name} sent a mail of purpose ${purpose ?? '(none)'}` }];
  return [...judgeTemplate(template, purpose), ...judgeSender(node, purpose, Date.parse(begunAtSimulated), history)];
}

function judgeTemplate(template: string | null, purpose: Purpose): Breach[] {
  if (isTemplate(template) && purposeOf(template) === purpose) return [];
  return [{ rule: 'template', message: `template ${template ?? '(none)'} does not belong to ${purpose}` }];
}

function judgeSender(node: DeploymentNode, purpose: Purpose, begunAt: number, history: readonly DutyChange[]): Breach[] {
  const holders = holdersAt(history, begunAt);
  // At the very instant at which a duty moves, what was begun before the move and after it bear one time.
  if ([holders, ...holdersLeaving(history, begunAt)].some((each) => maySend(node, purpose, each))) return [];
  const { sender } = rowOf(purpose);
  const expected = sender === 'serving PSN' ? 'a PSN' : `the ${sender} (${holders[sender] ?? 'nobody'})`;
  return [{ rule: 'node table', message: `${purpose} mail was sent by ${node.name}; ${expected} sends it` }];
}

/** Who held the duties at `instant`. */
export function holdersAt(history: readonly DutyChange[], instant: number): DutyHolders {
  return history.filter(({ since }) => since <= instant).at(-1)?.holders ?? {};
}

/** Who lost duties at this very instant. */
function holdersLeaving(history: readonly DutyChange[], instant: number): DutyHolders[] {
  return history.flatMap(({ holders }, index) => (history[index + 1]?.since === instant ? [holders] : []));
}

function isPurpose(value: string | null): value is Purpose {
  return purposes.some((purpose) => purpose === value);
}

function isTemplate(value: string | null): value is Template {
  return value !== null && Object.hasOwn(templates, value);
}
