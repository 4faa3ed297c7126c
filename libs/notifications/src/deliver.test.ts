import { secondMs, type Attempt, type Clock, type Mail, type Outcome, type SmtpServerSettings } from '@isesim/domain';
import { expect, test } from 'vitest';
import { deliver, type Delivery } from './deliver.ts';

const accepted: Outcome = { kind: 'accepted', reply: { code: 250, enhanced: '2.0.0', text: 'OK' } };
const refused: Outcome = { kind: 'refused', stage: 'mail', reason: '550 5.7.60 SendAsDenied' };
const deferred: Outcome = { kind: 'deferred', stage: 'connect', reason: 'connect timed out' };
const indefinite: Outcome = { kind: 'indefinite', reason: 'connection lost after the final dot' };
const notBegun: Outcome = { kind: 'not-begun', reason: 'the node is no longer primary PAN' };
const unauthorized: Outcome = { kind: 'unauthorized', stage: 'auth', reason: '535 5.7.3' };

const settingsOf = (host: string): SmtpServerSettings => ({ host, port: 587, connectionTimeoutMs: 60_000, tls: true, authentication: { type: 'none' } });
const mailOf = (from: string): Mail => ({ messageId: 'n-1@ise.example', from, to: ['ana@guest.example'], subject: 's', text: 't', html: 'h', headers: {}, date: 0 });

/** A delivery whose attempts end as given, one after the other, and a clock that jumps; notes what it was asked for. */
function delivery(outcomes: Outcome[], changes: Partial<Delivery> = {}) {
  const tries: { at: number; mail: Mail; settings: SmtpServerSettings; freshToken: boolean; mayBegin: boolean }[] = [];
  const slept: number[] = [];
  let now = 1_000;
  const clock: Pick<Clock, 'now' | 'sleep'> = {
    now: () => now,
    sleep: (until) => {
      const ms = typeof until === 'number' ? until - now : until.ms;
      slept.push(ms);
      now += ms;
      return Promise.resolve();
    },
  };
  const given: Delivery = {
    settingsNow: () => ({ settings: settingsOf('smtp.office365.com'), revision: 3 }),
    compose: () => mailOf('no-reply@contoso.example'),
    mayBegin: () => true,
    sendOnce: (mail, settings, { freshToken, mayBegin }) => {
      tries.push({ at: now, mail, settings, freshToken, mayBegin: mayBegin() });
      const outcome = outcomes.shift();
      return outcome ? Promise.resolve(outcome) : Promise.reject(new Error('one attempt too many'));
    },
    clock: clock as Clock,
    random: { fraction: () => 0 },
    ...changes,
  };
  return { given, tries, slept };
}

test('a mail that is accepted at once has ended after one attempt', async () => {
  const { given, tries, slept } = delivery([accepted]);

  expect(await deliver('n-1', given)).toEqual({ notificationId: 'n-1', end: 'accepted', outcome: accepted, attempts: 1, settingsRevision: 3, at: 1_000 });
  expect(tries).toHaveLength(1);
  expect(slept).toEqual([]);
});

test('a mail that is refused for good has ended, and is not tried again', async () => {
  const { given } = delivery([refused]);

  expect(await deliver('n-1', given)).toMatchObject({ end: 'refused', outcome: refused, attempts: 1 });
});

test('a deferred mail is tried again after waits on the clock that was handed in', async () => {
  const { given, tries, slept } = delivery([deferred, indefinite, accepted]);

  expect(await deliver('n-1', given)).toMatchObject({ end: 'accepted', attempts: 3, at: 1_000 + 90 * secondMs });
  expect(slept).toEqual([30 * secondMs, 60 * secondMs]);
  expect(tries.map(({ at }) => at)).toEqual([1_000, 1_000 + 30 * secondMs, 1_000 + 90 * secondMs]);
});

test('a wait is shorter by up to its half, for each mail and attempt otherwise', async () => {
  const causes: string[] = [];
  const random = { fraction: (cause: string) => { causes.push(cause); return causes.length / 4; } };
  const { given, slept } = delivery([deferred, deferred, accepted], { random });
  await deliver('n-1', given);

  expect(slept).toEqual([26_250, 45_000]);
  expect(causes).toEqual(['wait 1 of mail n-1', 'wait 2 of mail n-1']);
});

test('each attempt uses the settings that the node holds then, and the end names their revision', async () => {
  const held = [{ settings: settingsOf('old.example'), revision: 3 }, { settings: settingsOf('new.example'), revision: 8 }];
  const { given, tries } = delivery([deferred, accepted], { settingsNow: () => held.shift() ?? { settings: settingsOf('asked too often'), revision: 0 } });

  expect(await deliver('n-1', given)).toMatchObject({ settingsRevision: 8 });
  expect(tries.map(({ settings }) => settings.host)).toEqual(['old.example', 'new.example']);
});

test('each attempt composes the mail anew under the same Message-ID', async () => {
  const senders = ['old@contoso.example', 'new@contoso.example', 'newer@contoso.example'];
  const { given, tries } = delivery([deferred, indefinite, accepted], { compose: () => mailOf(senders.shift() ?? '') });
  await deliver('n-1', given);

  expect(tries.map(({ mail }) => mail.from)).toEqual(['old@contoso.example', 'new@contoso.example', 'newer@contoso.example']);
  expect(new Set(tries.map(({ mail }) => mail.messageId))).toEqual(new Set(['n-1@ise.example']));
});

test('a fresh token is asked for after a rejected one, at once, and not otherwise', async () => {
  const { given, tries, slept } = delivery([deferred, unauthorized, deferred, accepted]);
  await deliver('n-1', given);

  expect(tries.map(({ freshToken }) => freshToken)).toEqual([false, false, true, false]);
  expect(slept).toEqual([30 * secondMs, 0, 60 * secondMs]);
});

test('a mail that was not begun has no end here: the new holder of the duty ends it', async () => {
  for (const outcomes of [[notBegun], [deferred, notBegun]]) {
    const { given } = delivery(outcomes);
    expect(await deliver('n-1', given)).toBeUndefined();
  }
});

test('each attempt is handed the question whether this node still holds the duty', async () => {
  const answers = [true, true, false];
  const { given, tries } = delivery([deferred, notBegun], { mayBegin: () => answers.shift() ?? true });
  await deliver('n-1', given);

  expect(tries.map(({ mayBegin }) => mayBegin)).toEqual([true, false]);
});

test('a node that has lost the duty while it waited begins no further attempt', async () => {
  const answers = [true, false];
  const { given, tries } = delivery([deferred], { mayBegin: () => answers.shift() ?? true });

  expect(await deliver('n-1', given)).toBeUndefined();
  expect(tries).toHaveLength(1);
});

test('what another has ended is not tried again: after a wait, and before the first attempt of what is old', async () => {
  const end = { notificationId: 'n-1', end: 'accepted', outcome: accepted, attempts: 1, settingsRevision: 2, at: 7 } as const;
  const endedElsewhere = () => Promise.resolve(end);
  const waiting = delivery([deferred], { endedElsewhere });
  const old = delivery([], { endedElsewhere, isOld: true });

  expect([await deliver('n-1', waiting.given), await deliver('n-1', old.given)]).toEqual([end, end]);
  expect([waiting.tries.length, old.tries.length]).toEqual([1, 0]);
});

test('a mail for which the time is up is dead-lettered, with its last outcome', async () => {
  const limits = { retryDelaysMs: [10 * secondMs], retryForMs: 25 * secondMs, freshTokensMax: 1 };
  const { given } = delivery([deferred, deferred, unauthorized, unauthorized], { limits });

  expect(await deliver('n-1', given)).toEqual({ notificationId: 'n-1', end: 'dead-lettered', outcome: unauthorized, attempts: 4, settingsRevision: 3, at: 1_000 + 20 * secondMs });
});

test('every attempt is told as soon as it has ended, with all before it', async () => {
  const told: { of: string; kinds: string[]; slept: number }[] = [];
  const { given, slept } = delivery([deferred, unauthorized, accepted], {
    onAttempt: (mail: Mail, attempts: readonly Attempt[]) => told.push({ of: mail.messageId, kinds: attempts.map(({ outcome }) => outcome.kind), slept: slept.length }),
  });
  await deliver('n-1', given);

  expect(told).toEqual([
    { of: 'n-1@ise.example', kinds: ['deferred'], slept: 0 },
    { of: 'n-1@ise.example', kinds: ['deferred', 'unauthorized'], slept: 1 },
    { of: 'n-1@ise.example', kinds: ['deferred', 'unauthorized', 'accepted'], slept: 2 },
  ]);
});

test('a defect in an attempt is thrown, not retried', async () => {
  const { given, tries } = delivery([]);

  await expect(deliver('n-1', given)).rejects.toThrow('one attempt too many');
  expect(tries).toHaveLength(1);
});
