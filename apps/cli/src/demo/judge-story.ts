import {
  holdersAt,
  nodeTable,
  purposeOf,
  rowOf,
  type Audit,
  type DutyChange,
  type Instant,
  type MailRecord,
  type NodeTableRow,
  type Purpose,
  type Template,
} from '@isesim/domain';
import type { ExpectedMail } from './story.ts';

/** What a step led to: the mail that arrived from its beginning until all was quiet again. */
export interface Happening {
  readonly at: Instant;
  readonly expects: readonly ExpectedMail[];
  readonly mails: readonly MailRecord[];
}

/** One row of the node table as it was seen. */
export interface SeenRow {
  readonly purpose: Purpose;
  readonly template: Template;
  readonly to: string;
  /** By the node table and the duty history; no node when nobody held the duty. */
  readonly expected: { readonly sender: NodeTableRow['sender']; readonly node: string | null };
  /** By the receiving side's evidence; null when no such mail arrived. */
  readonly actual: Actual | null;
  readonly passed: boolean;
  /** Why it did not pass. */
  readonly problem: string | null;
}

export type Actual = Pick<MailRecord, 'id' | 'sentBy' | 'remoteAddress' | 'ehlo' | 'evidence' | 'subject' | 'acceptedAtSimulated'>;

export interface StoryVerdict {
  readonly verdict: 'passed' | 'failed';
  /** Why, in one sentence. */
  readonly sentence: string;
}

/** A row for every mail that had to come, in the order of the node table. */
export function judgeStory(happenings: readonly Happening[], history: readonly DutyChange[]): SeenRow[] {
  const rows = happenings.flatMap((happening) => happening.expects.map((expected) => seenRow(expected, happening, history)));
  return nodeTable.flatMap(({ purpose }) => rows.filter((row) => row.purpose === purpose));
}

/** Passed when every purpose was seen, each mail from exactly the right node, and the audit of all mail found nothing. */
export function verdictOf(rows: readonly SeenRow[], { findings }: Audit): StoryVerdict {
  const wrong = rows.filter(({ passed }) => !passed);
  const unseen = nodeTable.filter(({ purpose }) => !rows.some((row) => row.purpose === purpose)).map(({ purpose }) => purpose);
  const reasons = [
    ...(wrong.length > 0 ? [`${wrong.length} of ${counted(rows.length, 'expected mail')} did not come as it must`] : []),
    ...(unseen.length > 0 ? [`nothing was seen of ${unseen.join(', ')}`] : []),
    ...(findings.length > 0 ? [`the audit has ${counted(findings.length, 'finding')}`] : []),
  ];
  if (reasons.length > 0) return { verdict: 'failed', sentence: `Not as the node table says: ${reasons.join('; ')}.` };
  return { verdict: 'passed', sentence: `The mail of all ${nodeTable.length} purposes came from exactly the node that must send it.` };
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function seenRow(expectedMail: ExpectedMail, { at, mails }: Happening, history: readonly DutyChange[]): SeenRow {
  const { template, to } = expectedMail;
  const purpose = purposeOf(template);
  const arrived = mails.filter((mail) => mail.purpose === purpose && mail.template === template && mail.to.includes(to));
  const expectedAt = (mail?: MailRecord) => expectedSender(expectedMail, mail ? Date.parse(mail.begunAtSimulated) : at, history);
  const mail = arrived.find((each) => each.sentBy !== expectedAt(each).node) ?? arrived[0];
  const expected = expectedAt(mail);
  const problem = problemOf(arrived, mail, expected.node);
  return { purpose, template, to, expected, actual: mail ? actualOf(mail) : null, passed: problem === null, problem };
}

function expectedSender({ template, servedBy }: ExpectedMail, at: Instant, history: readonly DutyChange[]): SeenRow['expected'] {
  const { sender } = rowOf(purposeOf(template));
  const node = sender === 'serving PSN' ? servedBy : holdersAt(history, at)[sender];
  return { sender, node: node ?? null };
}

function problemOf(arrived: readonly MailRecord[], mail: MailRecord | undefined, expected: string | null): string | null {
  if (!mail) return 'no such mail arrived';
  if (mail.sentBy === null) return `sent by an unknown host instead of ${expected ?? 'nobody'}`;
  if (mail.sentBy !== expected) return `sent by ${mail.sentBy} instead of ${expected ?? 'nobody'}`;
  return arrived.length > 1 ? `${arrived.length} such mails arrived` : null;
}

function actualOf({ id, sentBy, remoteAddress, ehlo, evidence, subject, acceptedAtSimulated }: MailRecord): Actual {
  return { id, sentBy, remoteAddress, ehlo, evidence, subject, acceptedAtSimulated };
}
