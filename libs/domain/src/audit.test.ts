import { expect, test } from 'vitest';
import { auditMail, holdersAt, type AuditFinding, type DutyChange } from './audit.ts';
import type { MailRecord } from './mail-record.ts';
import { purposes, templates, type Template } from './node-table.ts';
import type { DeploymentNode } from './persona.ts';

const node = (name: string, address: string, personas: DeploymentNode['personas']): DeploymentNode => ({
  name,
  fqdn: `${name}.ise.example`,
  address,
  personas,
  roles: {},
});
const nodes = [
  node('ise-1', '127.83.0.1', ['pan', 'mnt']),
  node('ise-2', '127.83.0.2', ['pan', 'mnt']),
  node('psn-1', '127.83.0.3', ['psn']),
  node('psn-2', '127.83.0.4', ['psn']),
];
const noon = Date.parse('2026-02-02T12:00:00Z');
const history: DutyChange[] = [
  { since: noon - 60_000, holders: { 'primary PAN': 'ise-1', 'active MnT': 'ise-2' } },
  { since: noon, holders: { 'primary PAN': 'ise-2', 'active MnT': 'ise-2' } },
];

/** A mail of `template` as the receiving side records it when `sender` submits it one second before noon. */
function mailOf(template: Template, sender: string, changes: Partial<MailRecord> = {}): MailRecord {
  const from = nodes.find(({ name }) => name === sender);
  return {
    id: `${template}-${sender}`,
    messageId: `${template}@ise.example`,
    purpose: templates[template],
    template,
    sentBy: sender,
    personas: [...(from?.personas ?? [])],
    from: 'no-reply@contoso.onmicrosoft.com',
    to: ['ana@guest.example'],
    subject: template,
    acceptedAt: '2026-11-21T12:00:00.000Z',
    acceptedAtSimulated: '2026-02-02T11:59:59.000Z',
    begunAtSimulated: '2026-02-02T11:59:59.000Z',
    remoteAddress: from?.address ?? '127.0.0.1',
    ehlo: from?.fqdn ?? 'stranger',
    evidence: 'address',
    authenticatedAs: { clientId: 'client', mailbox: 'no-reply@contoso.onmicrosoft.com' },
    traceId: null,
    claimedNode: sender,
    ...changes,
  };
}

function findingsOf(...records: MailRecord[]): Omit<AuditFinding, 'mail'>[] {
  return auditMail(records, nodes, history).findings.map(({ rule, message }) => ({ rule, message }));
}

test('at the very instant at which a duty moves both holders may have begun, before and after it one alone', () => {
  const begunAt = (time: number, sender: string) => findingsOf(mailOf('guest-expiry-notice', sender, { begunAtSimulated: new Date(time).toISOString() })).length;

  expect([noon - 1, noon, noon + 1].map((time) => [begunAt(time, 'ise-1'), begunAt(time, 'ise-2')])).toEqual([[0, 1], [0, 0], [1, 0]]);
});

test('mail of every template from the node that the table names is judged without a finding', () => {
  const senders = { 'primary PAN': 'ise-1', 'active MnT': 'ise-2', 'serving PSN': 'psn-1' };
  const byPurpose = { 'guest-expiry': 'primary PAN', 'password-expiry': 'primary PAN', 'portal-test': 'primary PAN', alarm: 'active MnT', 'portal-notification': 'serving PSN' } as const;
  const records = (Object.keys(templates) as Template[]).map((template) => mailOf(template, senders[byPurpose[templates[template]]]));

  expect(auditMail(records, nodes, history)).toEqual({ judged: records.length, findings: [] });
  expect(new Set(records.map(({ purpose }) => purpose))).toEqual(new Set(purposes));
});

test.each([
  { template: 'guest-expiry-notice', sender: 'ise-2', message: 'guest-expiry mail was sent by ise-2; the primary PAN (ise-1) sends it' },
  { template: 'admin-password-reminder', sender: 'psn-1', message: 'password-expiry mail was sent by psn-1; the primary PAN (ise-1) sends it' },
  { template: 'alarm', sender: 'ise-1', message: 'alarm mail was sent by ise-1; the active MnT (ise-2) sends it' },
  { template: 'portal-test', sender: 'psn-2', message: 'portal-test mail was sent by psn-2; the primary PAN (ise-1) sends it' },
  { template: 'guest-credentials', sender: 'ise-1', message: 'portal-notification mail was sent by ise-1; a PSN sends it' },
] as const)('a $template mail from $sender breaks the node table', ({ template, sender, message }) => {
  expect(findingsOf(mailOf(template, sender))).toEqual([{ rule: 'node table', message }]);
});

test('the duty counts at the moment when the submission began, not when it was accepted', () => {
  const justBefore = { begunAtSimulated: '2026-02-02T11:59:59.999Z', acceptedAtSimulated: '2026-02-02T12:00:04.000Z' };
  const justAfter = { begunAtSimulated: '2026-02-02T12:00:00.001Z', acceptedAtSimulated: '2026-02-02T12:00:04.000Z' };

  expect(findingsOf(mailOf('guest-expiry-notice', 'ise-1', justBefore), mailOf('guest-expiry-notice', 'ise-2', justAfter))).toEqual([]);
  expect(findingsOf(mailOf('guest-expiry-notice', 'ise-2', justBefore), mailOf('guest-expiry-notice', 'ise-1', justAfter)).map(({ message }) => message)).toEqual([
    'guest-expiry mail was sent by ise-2; the primary PAN (ise-1) sends it',
    'guest-expiry mail was sent by ise-1; the primary PAN (ise-2) sends it',
  ]);
});

test('before the first duty was given nobody may send for it', () => {
  expect(findingsOf(mailOf('alarm', 'ise-2', { begunAtSimulated: '2026-02-02T11:00:00.000Z' }))).toEqual([
    { rule: 'node table', message: 'alarm mail was sent by ise-2; the active MnT (nobody) sends it' },
  ]);
});

test('headers that claim another node are found out by who connected', () => {
  expect(findingsOf(mailOf('guest-credentials', 'psn-2', { claimedNode: 'psn-1' }))).toEqual([
    { rule: 'claimed node', message: 'the headers claim psn-1, but psn-2 connected (127.83.0.4, EHLO psn-2.ise.example)' },
  ]);
});

test('a node that claims to be the right sender is judged by who connected, for the claim and for the node table', () => {
  expect(findingsOf(mailOf('guest-expiry-notice', 'psn-1', { claimedNode: 'ise-1' })).map(({ rule }) => rule)).toEqual(['claimed node', 'node table']);
});

test('a mail that claims no node at all is judged by who connected', () => {
  expect(findingsOf(mailOf('guest-credentials', 'psn-1', { claimedNode: null }))).toEqual([]);
});

test('a sender that is no node is named by its address and EHLO', () => {
  expect(findingsOf(mailOf('alarm', 'nobody', { sentBy: null, claimedNode: null }))).toEqual([
    { rule: 'unknown sender', message: '127.0.0.1, EHLO stranger, is no node of the deployment' },
  ]);
});

test('a stranger that claims to be a node breaks two rules', () => {
  expect(findingsOf(mailOf('alarm', 'nobody', { sentBy: null, claimedNode: 'ise-2' }))).toEqual([
    { rule: 'claimed node', message: 'the headers claim ise-2, but an unknown host connected (127.0.0.1, EHLO stranger)' },
    { rule: 'unknown sender', message: '127.0.0.1, EHLO stranger, is no node of the deployment' },
  ]);
});

test('a node of another deployment is a stranger', () => {
  expect(findingsOf(mailOf('guest-credentials', 'psn-9')).map(({ rule }) => rule)).toEqual(['unknown sender']);
});

test.each([
  { purpose: null, message: 'psn-1 sent a mail of purpose (none)' },
  { purpose: 'newsletter', message: 'psn-1 sent a mail of purpose newsletter' },
  { purpose: 'toString', message: 'psn-1 sent a mail of purpose toString' },
])('a mail of purpose $purpose is of no purpose', ({ purpose, message }) => {
  expect(findingsOf(mailOf('guest-credentials', 'psn-1', { purpose }))).toEqual([{ rule: 'unknown purpose', message }]);
});

test.each([
  { template: null, message: 'template (none) does not belong to portal-notification' },
  { template: 'alarm', message: 'template alarm does not belong to portal-notification' },
  { template: 'newsletter', message: 'template newsletter does not belong to portal-notification' },
  { template: 'toString', message: 'template toString does not belong to portal-notification' },
])('a portal mail of template $template is of no template of portals', ({ template, message }) => {
  expect(findingsOf(mailOf('guest-credentials', 'psn-1', { template }))).toEqual([{ rule: 'template', message }]);
});

test('where EHLO is the evidence all nodes connect from one address, and the record of who it was decides', () => {
  const byEhlo = { evidence: 'ehlo', remoteAddress: '127.0.0.1' } as const;

  expect(findingsOf(mailOf('guest-credentials', 'psn-1', byEhlo))).toEqual([]);
  expect(findingsOf(mailOf('guest-credentials', 'psn-2', { ...byEhlo, claimedNode: 'psn-1' }))).toEqual([
    { rule: 'claimed node', message: 'the headers claim psn-1, but psn-2 connected (127.0.0.1, EHLO psn-2.ise.example)' },
  ]);
});

test('every mail is counted, and each finding names its mail', () => {
  const audit = auditMail([mailOf('alarm', 'ise-2'), mailOf('alarm', 'ise-1'), mailOf('alarm', 'psn-1')], nodes, history);

  expect(audit.judged).toBe(3);
  expect(audit.findings.map(({ mail }) => mail)).toEqual(['alarm-ise-1', 'alarm-psn-1']);
});

test('the holders at an instant are those of the last change up to it', () => {
  expect(holdersAt(history, noon - 60_001)).toEqual({});
  expect(holdersAt(history, noon - 1)).toEqual({ 'primary PAN': 'ise-1', 'active MnT': 'ise-2' });
  expect(holdersAt(history, noon)).toEqual({ 'primary PAN': 'ise-2', 'active MnT': 'ise-2' });
});
