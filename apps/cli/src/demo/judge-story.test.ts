import { nodeTable, purposeOf, type Audit, type DutyChange, type MailRecord, type Template } from '@isesim/domain';
import { describe, expect, test } from 'vitest';
import { judgeStory, verdictOf, type Happening } from './judge-story.ts';

const start = Date.parse('2026-02-02T05:00:00Z');
const history: readonly DutyChange[] = [{ since: start, holders: { 'primary PAN': 'ise-1', 'active MnT': 'ise-2' } }];
const clean: Audit = { judged: 5, findings: [] };
const ana = 'ana@guest.example';

/** A step that expects a mail and led to `mails`. */
function happening(template: Template, mails: readonly MailRecord[], servedBy?: string): Happening {
  return { at: start, expects: [{ template, to: ana, ...(servedBy === undefined ? {} : { servedBy }) }], mails };
}

/** Every purpose's mail from the right node. */
function wholeStory(): Happening[] {
  return [
    happening('guest-credentials', [mailFrom('psn-1', 'guest-credentials', ana)], 'psn-1'),
    happening('alarm', [mailFrom('ise-2', 'alarm', ana)]),
    happening('portal-test', [mailFrom('ise-1', 'portal-test', ana)]),
    happening('guest-expiry-notice', [mailFrom('ise-1', 'guest-expiry-notice', ana)]),
    happening('admin-password-reminder', [mailFrom('ise-1', 'admin-password-reminder', ana)]),
  ];
}

function judged(happenings: readonly Happening[], changes = history) {
  const rows = judgeStory(happenings, changes);
  return { rows, ...verdictOf(rows, clean) };
}

test('every purpose from the right node passes, in the order of the node table', () => {
  const { rows, verdict, sentence } = judged(wholeStory());

  expect(verdict).toBe('passed');
  expect(sentence).toBe('The mail of all 5 purposes came from exactly the node that must send it.');
  expect(rows.map(({ purpose }) => purpose)).toEqual(nodeTable.map(({ purpose }) => purpose));
  expect(rows.every(({ passed, problem }) => passed && problem === null)).toBe(true);
});

test('a row holds what was expected and what the receiving side saw', () => {
  const { rows } = judged([happening('alarm', [mailFrom('ise-2', 'alarm', ana)])]);

  expect(rows).toEqual([
    {
      purpose: 'alarm',
      template: 'alarm',
      to: ana,
      expected: { sender: 'active MnT', node: 'ise-2' },
      actual: {
        id: 'alarm-ise-2',
        sentBy: 'ise-2',
        remoteAddress: '127.1.1.1',
        ehlo: 'ise-2.ise.example',
        evidence: 'address',
        subject: 'Subject of alarm',
        acceptedAtSimulated: '2026-02-02T05:00:00Z',
      },
      passed: true,
      problem: null,
    },
  ]);
});

describe('a row fails', () => {
  test.each<{ what: string; template: Template; mails: MailRecord[]; servedBy?: string; problem: string }>([
    { what: 'when no mail arrived', template: 'alarm', mails: [], problem: 'no such mail arrived' },
    { what: 'when only another mail arrived', template: 'alarm', mails: [mailFrom('ise-1', 'portal-test', ana)], problem: 'no such mail arrived' },
    { what: 'when it went to another', template: 'alarm', mails: [mailFrom('ise-2', 'alarm', 'ben@guest.example')], problem: 'no such mail arrived' },
    { what: 'when the node without the duty sent it', template: 'alarm', mails: [mailFrom('ise-1', 'alarm', ana)], problem: 'sent by ise-1 instead of ise-2' },
    { what: 'when another PSN sent it', template: 'guest-credentials', servedBy: 'psn-1', mails: [mailFrom('psn-2', 'guest-credentials', ana)], problem: 'sent by psn-2 instead of psn-1' },
    { what: 'when no node of ours sent it', template: 'alarm', mails: [mailFrom(null, 'alarm', ana)], problem: 'sent by an unknown host instead of ise-2' },
    { what: 'when a wrong node sent it, too', template: 'alarm', mails: [mailFrom('ise-2', 'alarm', ana), mailFrom('ise-1', 'alarm', ana)], problem: 'sent by ise-1 instead of ise-2' },
    { what: 'when it came twice', template: 'alarm', mails: [mailFrom('ise-2', 'alarm', ana), mailFrom('ise-2', 'alarm', ana)], problem: '2 such mails arrived' },
  ])('$what', ({ template, mails, servedBy, problem }) => {
    const { rows, verdict, sentence } = judged([...wholeStory().filter(({ expects }) => expects[0]?.template !== template), happening(template, mails, servedBy)]);

    expect(rows.filter(({ passed }) => !passed)).toMatchObject([{ template, problem }]);
    expect(verdict).toBe('failed');
    expect(sentence).toBe('Not as the node table says: 1 of 5 expected mails did not come as it must.');
  });
});

test('the duty counts as it was held when the submission began', () => {
  const promoted: DutyChange = { since: start + 60_000, holders: { 'primary PAN': 'ise-2', 'active MnT': 'ise-2' } };
  const before = mailFrom('ise-1', 'guest-expiry-notice', ana, '2026-02-02T05:00:59Z');
  const after = mailFrom('ise-2', 'guest-expiry-notice', ana, '2026-02-02T05:01:00Z');
  const expected = ({ rows }: ReturnType<typeof judged>) => rows.map(({ expected: { node }, passed }) => ({ node, passed }));

  expect(expected(judged([happening('guest-expiry-notice', [before])], [...history, promoted]))).toEqual([{ node: 'ise-1', passed: true }]);
  expect(expected(judged([happening('guest-expiry-notice', [after])], [...history, promoted]))).toEqual([{ node: 'ise-2', passed: true }]);
});

test('a mail that nobody had the duty to send fails', () => {
  const { rows } = judged([happening('alarm', [mailFrom('ise-2', 'alarm', ana)])], [{ since: start, holders: {} }]);

  expect(rows).toMatchObject([{ expected: { node: null }, passed: false, problem: 'sent by ise-2 instead of nobody' }]);
});

test('a purpose that no step leads to fails the verdict', () => {
  const { verdict, sentence } = judged(wholeStory().slice(1));

  expect(verdict).toBe('failed');
  expect(sentence).toBe('Not as the node table says: nothing was seen of portal-notification.');
});

test('a finding of the audit fails the verdict, whatever the rows say', () => {
  const rows = judgeStory(wholeStory(), history);
  const findings = [{ mail: 'x', rule: 'node table', message: 'alarm mail was sent by ise-1; the active MnT (ise-2) sends it' }] as const;

  expect(verdictOf(rows, { judged: 6, findings })).toEqual({ verdict: 'failed', sentence: 'Not as the node table says: the audit has 1 finding.' });
});

function mailFrom(sentBy: string | null, template: Template, to: string, begunAtSimulated = '2026-02-02T05:00:00Z'): MailRecord {
  return {
    id: `${template}-${sentBy ?? 'unknown'}`,
    messageId: `${template}@ise.example`,
    purpose: purposeOf(template),
    template,
    sentBy,
    personas: [],
    from: 'no-reply@contoso.onmicrosoft.com',
    to: [to],
    subject: `Subject of ${template}`,
    acceptedAt: '2026-11-21T12:00:00Z',
    acceptedAtSimulated: begunAtSimulated,
    begunAtSimulated,
    remoteAddress: '127.1.1.1',
    ehlo: `${sentBy ?? 'unknown'}.ise.example`,
    evidence: 'address',
    authenticatedAs: { clientId: 'client', mailbox: 'no-reply@contoso.onmicrosoft.com' },
    traceId: null,
    claimedNode: sentBy,
  };
}
