import { expect, test } from 'vitest';
import type { Actual, SeenRow } from './judge-story.ts';
import { nodeTableText } from './node-table-text.ts';

const plain = { width: 100, paint: (_: unknown, text: string) => text };

const actual: Actual = {
  id: '83de67c42fc4',
  sentBy: 'ise-2',
  remoteAddress: '127.43.151.2',
  ehlo: 'ise-2.ise.example',
  evidence: 'address',
  subject: 'ISE Alarm : Warning : DNS Resolution failure',
  acceptedAtSimulated: '2026-02-02T05:00:00Z',
};

const passed: SeenRow = {
  purpose: 'alarm',
  template: 'alarm',
  to: 'admin@contoso.example',
  expected: { sender: 'active MnT', node: 'ise-2' },
  actual,
  passed: true,
  problem: null,
};

const missing: SeenRow = {
  purpose: 'portal-notification',
  template: 'guest-credentials',
  to: 'ana@guest.example',
  expected: { sender: 'serving PSN', node: 'psn-1' },
  actual: null,
  passed: false,
  problem: 'no such mail arrived',
};

const wrongSender: SeenRow = {
  ...passed,
  purpose: 'guest-expiry',
  template: 'guest-expiry-notice',
  expected: { sender: 'primary PAN', node: 'ise-1' },
  actual: { ...actual, subject: 'Your Guest Account Is About to Expire' },
  passed: false,
  problem: 'sent by ise-2 instead of ise-1',
};

test('a tick, a wrong sender and a missing mail, in aligned columns', () => {
  expect(`\n${nodeTableText([wrongSender, passed, missing], plain).slice(0, -1).join('\n')}\n`).toBe(`
   Purpose              Expected sender        Sent by  From address  EHLO
                        Recipient              Subject
───────────────────────────────────────────────────────────────────────────────────────────
✗  guest-expiry         ise-1 (primary PAN)    ise-2    127.43.151.2  ise-2.ise.example
                        admin@contoso.example  Your Guest Account Is About to Expire
                        sent by ise-2 instead of ise-1
✓  alarm                ise-2 (active MnT)     ise-2    127.43.151.2  ise-2.ise.example
                        admin@contoso.example  ISE Alarm : Warning : DNS Resolution failure
✗  portal-notification  psn-1 (serving PSN)    –        –             –
                        ana@guest.example      –
                        no such mail arrived
───────────────────────────────────────────────────────────────────────────────────────────
`);
});

test('no line is wider than the terminal, however long names and subjects are', () => {
  const long: SeenRow = { ...passed, to: `${'a'.repeat(60)}@guest.example`, actual: { ...actual, subject: 's'.repeat(200), ehlo: `${'e'.repeat(80)}.ise.example` } };
  const table = nodeTableText([long], plain).slice(0, -1);

  for (const line of table) expect(line.length).toBeLessThanOrEqual(100);
  expect(table.at(-2)).toMatch(/a…  s+…$/);
});

test('an unknown host and a duty that nobody held are named', () => {
  const table = nodeTableText([{ ...passed, expected: { sender: 'active MnT', node: null }, actual: { ...actual, sentBy: null } }], plain);

  expect(table[3]).toContain('nobody (active MnT)  ');
  expect(table[3]).toContain('  unknown  ');
});

test('a note says which sender is inferred, and when the EHLO name is the evidence', () => {
  const portalTest: SeenRow = { ...passed, purpose: 'portal-test', template: 'portal-test' };
  const notes = (row: SeenRow) => nodeTableText([row], plain).slice(6);

  expect(notes(passed)).toHaveLength(1);
  expect(notes(portalTest).at(-1)).toContain('portal-test, which is inferred');
  expect(notes({ ...passed, actual: { ...actual, evidence: 'ehlo' } }).at(-1)).toContain('EHLO is the evidence');
});

test('colour marks what passed and what did not', () => {
  const marked = nodeTableText([passed, missing], { width: 100, paint: (colour, text) => `<${colour}>${text}</>` });

  expect(marked.filter((line) => line.startsWith('<green>✓</>'))).toHaveLength(1);
  expect(marked.filter((line) => line.startsWith('<red>✗</>'))).toHaveLength(1);
});
