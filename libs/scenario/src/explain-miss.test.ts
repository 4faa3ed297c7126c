import { describe, expect, it } from 'vitest';
import { explainMiss, missHints } from './explain-miss.ts';
import { began, testMail, testStage } from './testing.ts';

const sendAsDenied = { kind: 'refused', stage: 'mail', reply: { code: 554, enhanced: '5.2.252', text: 'SendAsDenied' }, reason: '554 5.2.252 SendAsDenied' } as const;
const notTrusted = { kind: 'deferred', stage: 'tls', code: 'SELF_SIGNED_CERT_IN_CHAIN', reason: 'self-signed certificate in chain' } as const;

const hers = { id: 'hers', purpose: 'portal-notification', template: 'guest-credentials', to: ['ana@guest.example'], data: { username: 'ana01' }, at: began };
const entry = (more: object) => ({ node: 'psn-2', persona: 'psn', notification: hers, end: undefined, ...more });
const refused = entry({ end: { end: 'refused', outcome: sendAsDenied, attempts: 1, at: began } });
const owed = entry({});
const attempts = [{ node: 'psn-2', notificationId: 'hers', count: 3, at: began, outcome: notTrusted }];

function stageWith(outbox: readonly object[], more: object = {}) {
  return testStage({ outbox: outbox as never, ...more }).stage;
}

describe('mail that was wanted and not accepted', () => {
  it('is told with the node that tried it, the reply, and how to read that', async () => {
    expect((await explainMiss(stageWith([refused]), { to: 'ana@guest.example' })).unaccepted).toEqual([
      'psn-2 tried guest-credentials to ana@guest.example: refused at mail at 2026-02-02T05:00:00Z: 554 5.2.252 SendAsDenied. What that means: isesim explain "554 5.2.252"',
    ]);
  });

  it('is told without the rest of a reply that has a paragraph', async () => {
    const long = entry({ end: { end: 'refused', outcome: { ...sendAsDenied, reason: `554 ${'x'.repeat(500)}` }, attempts: 1, at: began } });
    expect((await explainMiss(stageWith([long]), {})).unaccepted.join()).toMatch(/: 554 x{116}…\. What that means/);
  });

  it('is told as owed, with the attempts so far and how the last one ended', async () => {
    expect((await explainMiss(stageWith([owed], { attempts }), { to: 'ana@guest.example' })).unaccepted).toEqual([
      'psn-2 owes guest-credentials to ana@guest.example: 3 attempts so far, the last deferred at tls at 2026-02-02T05:00:00Z: self-signed certificate in chain. What that means: isesim explain SELF_SIGNED_CERT_IN_CHAIN',
    ]);
  });

  it('is told as owed and not tried, with what keeps it', async () => {
    const untried = async (more: object) => (await explainMiss(stageWith([owed], more), {})).unaccepted;
    expect(await untried({})).toEqual(['psn-2 owes guest-credentials to ana@guest.example: no attempt has ended yet']);
    expect(await untried({ smtpServer: 'not configured' })).toEqual(['psn-2 owes guest-credentials to ana@guest.example: the SMTP Server page is empty (isesim smtp set, test, save)']);
    expect(await untried({ away: { 'psn-2': 'isolated' } })).toEqual(['psn-2 owes guest-credentials to ana@guest.example: no attempt has ended yet']);
    expect(await untried({ away: { 'psn-2': 'killed' } })).toEqual(['psn-2 owes guest-credentials to ana@guest.example: psn-2 is Disconnected (killed), bring it back: isesim node start psn-2']);
  });

  it('is told of as many as can be read, the latest first', async () => {
    const many = [1, 2, 3, 4, 5].map((each) => entry({ notification: { ...hers, id: `${each}`, to: [`${each}@guest.example`], at: began + each } }));
    const { unaccepted } = await explainMiss(stageWith(many), { template: 'guest-credentials' });
    expect(unaccepted.map((line) => /(\d)@|and (\d) more/.exec(line)?.[0])).toEqual(['5@', '4@', '3@', 'and 2 more']);
  });

  it.each<[string, object]>([
    ['for another', { to: 'ben@guest.example' }],
    ['for another purpose', { purpose: 'alarm' }],
    ['of another kind', { template: 'guest-denied' }],
    ['from another node', { sentBy: 'psn-1' }],
    ['without the words', { contains: 'ben01' }],
  ])('is left out when it is %s', async (_, wanted) => {
    expect((await explainMiss(stageWith([refused, owed]), wanted)).unaccepted).toEqual([]);
  });

  it('is left out when it was accepted', async () => {
    expect((await explainMiss(stageWith([entry({ end: { end: 'accepted', attempts: 1, at: began } })]), {})).unaccepted).toEqual([]);
  });

  it('is found by words that it will have', async () => {
    expect((await explainMiss(stageWith([owed]), { contains: 'ana01' })).unaccepted).toHaveLength(1);
  });
});

describe('nodes that are away', () => {
  const awayOf = async (away: Record<string, string>, wanted: object) => (await explainMiss(stageWith([], { away }), wanted)).away;

  it('are told when an alarm may hang at them: the one that mails it, and those that may have raised it', async () => {
    expect(await awayOf({ 'ise-1': 'paused', 'psn-2': 'isolated' }, { purpose: 'alarm' })).toEqual([
      'ise-1, which sends alarm mail, is Disconnected (paused): isesim heal --node ise-1',
      'psn-2 is Disconnected (isolated), and keeps the alarms that it raises until it reaches the others: isesim heal --node psn-2',
    ]);
  });

  it('are told when they are among those that send such mail', async () => {
    expect(await awayOf({ 'psn-2': 'killed' }, { purpose: 'portal-notification' })).toEqual(['psn-2 is Disconnected (killed): isesim node start psn-2']);
    expect(await awayOf({ 'psn-2': 'killed' }, { template: 'guest-denied' })).toHaveLength(1);
    expect(await awayOf({ 'psn-2': 'killed' }, { to: 'ana@guest.example' })).toHaveLength(1);
  });

  it.each<[string, object]>([
    ['send other mail', { purpose: 'guest-expiry' }],
    ['are not the one that was named', { sentBy: 'psn-1' }],
  ])('are left out when they %s', async (_, wanted) => {
    expect(await awayOf({ 'psn-2': 'killed' }, wanted)).toEqual([]);
  });
});

it('a miss is explained line by line: the nearest mail, what was not accepted, who is away, and its sender', async () => {
  const stage = stageWith([refused], { records: [testMail()], away: { 'psn-1': 'killed' } });
  expect((await missHints(stage, { purpose: 'portal-notification', sentBy: 'psn-2' }, [])).map(([label]) => label)).toEqual(['nearest', 'outbox', 'sender']);
  expect((await missHints(stage, { purpose: 'portal-notification' }, [])).map(([label]) => label)).toEqual(['nearest', 'outbox', 'away']);
  expect(await missHints(stageWith([]), {}, [])).toEqual([['nearest', 'no mail was accepted at all']]);
});
