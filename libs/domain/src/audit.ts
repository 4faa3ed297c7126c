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

function judge(record: MailRecord, nodes: readonly DeploymentNode[], history: readonly DutyChange[]): AuditFinding[] {
  const finding = (rule: AuditFinding['rule'], message: string): AuditFinding => ({ mail: record.id, rule, message });
  const findings: AuditFinding[] = [];
  const node = nodes.find(({ name }) => name === record.sentBy);
  if (record.claimedNode !== null && record.claimedNode !== record.sentBy) {
    findings.push(
      finding('claimed node', `the headers claim ${record.claimedNode}, but ${record.sentBy ?? 'an unknown host'} connected (${record.remoteAddress}, EHLO ${record.ehlo})`),
    );
  }
  if (!node) {
    findings.push(finding('unknown sender', `${record.remoteAddress}, EHLO ${record.ehlo}, is no node of the deployment`));
    return findings;
  }
  if (!isPurpose(record.purpose)) {
    findings.push(finding('unknown purpose', `${node.name} sent a mail of purpose ${record.purpose ?? '(none)'}`));
    return findings;
  }
  if (!isTemplate(record.template) || purposeOf(record.template) !== record.purpose) {
    findings.push(finding('template', `template ${record.template ?? '(none)'} does not belong to ${record.purpose}`));
  }
  const holders = holdersAt(history, Date.parse(record.begunAtSimulated));
  if (!maySend(node, record.purpose, holders)) {
    const { sender } = rowOf(record.purpose);
    const expected = sender === 'serving PSN' ? 'a PSN' : `the ${sender} (${holders[sender] ?? 'nobody'})`;
    findings.push(finding('node table', `${record.purpose} mail was sent by ${node.name}; ${expected} sends it`));
  }
  return findings;
}

/** Who held the duties at `instant`. */
export function holdersAt(history: readonly DutyChange[], instant: number): DutyHolders {
  return history.filter(({ since }) => since <= instant).at(-1)?.holders ?? {};
}

function isPurpose(value: string | null): value is Purpose {
  return purposes.some((purpose) => purpose === value);
}

function isTemplate(value: string | null): value is Template {
  return value !== null && value in templates;
}
