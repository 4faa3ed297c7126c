import { hourMs, minuteMs, secondMs, type Attempt, type Outcome } from '@isesim/domain';
import { expect, test } from 'vitest';
import { defaultRetryLimits, endOf, nextStep, spread } from './next-step.ts';

const accepted: Outcome = { kind: 'accepted', reply: { code: 250, enhanced: '2.0.0', text: 'OK' } };
const refused: Outcome = { kind: 'refused', stage: 'mail', reason: '550 5.7.60 SendAsDenied' };
const deferred: Outcome = { kind: 'deferred', stage: 'connect', reason: 'connect timed out' };
const indefinite: Outcome = { kind: 'indefinite', reason: 'connection lost after the final dot' };
const notBegun: Outcome = { kind: 'not-begun', reason: 'the node is no longer primary PAN' };
const unauthorized: Outcome = { kind: 'unauthorized', stage: 'auth', reason: '535 5.7.3' };
const badSecret: Outcome = { kind: 'unauthorized', stage: 'token', reason: 'Invalid client secret', code: 'AADSTS7000215' };

/** Attempts one after the other, each at the moment the step before asked for. */
function attemptsOf(...outcomes: Outcome[]): Attempt[] {
  const attempts: Attempt[] = [];
  for (const outcome of outcomes) {
    const step = nextStep(attempts);
    if (step === 'stop') throw new Error(`no attempt is to follow the ${attempts.length} made`);
    attempts.push({ at: (attempts.at(-1)?.at ?? 0) + step.waitMs, outcome, settingsRevision: 1 });
  }
  return attempts;
}

/** All attempts on a mail that meets the same outcome each time. */
function untilStop(outcome: Outcome): Attempt[] {
  const attempts: Attempt[] = [];
  for (let step = nextStep(attempts); step !== 'stop'; step = nextStep(attempts)) {
    attempts.push({ at: (attempts.at(-1)?.at ?? 0) + step.waitMs, outcome, settingsRevision: 1 });
  }
  return attempts;
}

test('the first attempt begins at once', () => {
  expect(nextStep([])).toEqual({ waitMs: 0 });
  expect(endOf([])).toBeUndefined();
});

test.each([
  { title: 'an accepted mail is done', outcome: accepted, end: 'accepted' },
  { title: 'a mail refused for good is done', outcome: refused, end: 'refused' },
  { title: 'a mail not begun stops here and has not ended: the new holder of the duty goes on', outcome: notBegun, end: undefined },
])('$title', ({ outcome, end }) => {
  for (const attempts of [attemptsOf(outcome), attemptsOf(deferred, indefinite, outcome)]) {
    expect(nextStep(attempts)).toBe('stop');
    expect(endOf(attempts)).toBe(end);
  }
});

test.each([
  { kind: 'deferred', outcome: deferred },
  { kind: 'indefinite', outcome: indefinite },
])('a mail that stays $kind is tried after 30 s, 1, 2, 5, 10, then every 15 minutes', ({ outcome }) => {
  const waits = untilStop(outcome)
    .slice(1, 10)
    .map((attempt, index, all) => attempt.at - (all[index - 1]?.at ?? 0));

  expect(waits).toEqual([
    30 * secondMs,
    1 * minuteMs,
    2 * minuteMs,
    5 * minuteMs,
    10 * minuteMs,
    15 * minuteMs,
    15 * minuteMs,
    15 * minuteMs,
    15 * minuteMs,
  ]);
});

test('the back-off goes on when a mail is deferred in one attempt and indefinite in the next', () => {
  expect(nextStep(attemptsOf(deferred, indefinite, deferred))).toEqual({ waitMs: 2 * minuteMs });
});

test.each([
  { kind: 'deferred', outcome: deferred },
  { kind: 'indefinite', outcome: indefinite },
  { kind: 'unauthorized', outcome: unauthorized },
])('a mail that stays $kind is dead-lettered when the next attempt would begin more than 24 hours after the first', ({ outcome }) => {
  const attempts = untilStop(outcome);
  const elapsed = attempts.at(-1)?.at ?? 0;

  expect(elapsed).toBeGreaterThan(24 * hourMs - 15 * minuteMs);
  expect(elapsed).toBeLessThanOrEqual(24 * hourMs);
  expect(endOf(attempts)).toBe('dead-lettered');
  expect(endOf(attempts.slice(0, -1))).toBeUndefined();
});

test('an attempt that falls due exactly 24 hours after the first is still made', () => {
  const limits = { ...defaultRetryLimits, retryDelaysMs: [12 * hourMs] };
  const at = (...hours: number[]): Attempt[] =>
    hours.map((hour) => ({ at: hour * hourMs, outcome: deferred, settingsRevision: 1 }));

  expect(nextStep(at(0, 12), limits)).toEqual({ waitMs: 12 * hourMs });
  expect(nextStep(at(0, 12, 24), limits)).toBe('stop');
  expect(endOf(at(0, 12, 24), limits)).toBe('dead-lettered');
});

test('a node that slept through the 24 hours gives up at its next failure', () => {
  const attempts: Attempt[] = [
    { at: 0, outcome: deferred, settingsRevision: 1 },
    { at: 30 * hourMs, outcome: unauthorized, settingsRevision: 1 },
  ];
  expect(nextStep(attempts)).toBe('stop');
  expect(endOf(attempts)).toBe('dead-lettered');
});

test('a rejected token is replaced by a fresh one at once, but only once', () => {
  expect(nextStep(attemptsOf(unauthorized))).toEqual({ waitMs: 0 });
  expect(nextStep(attemptsOf(unauthorized, unauthorized))).toEqual({ waitMs: 30 * secondMs });
  expect(nextStep(attemptsOf(unauthorized, unauthorized, unauthorized))).toEqual({ waitMs: 1 * minuteMs });
});

test('a mail whose permission is mended in the meantime is accepted', () => {
  expect(endOf(attemptsOf(unauthorized, unauthorized, unauthorized, accepted))).toBe('accepted');
});

test('a token rejected hours after another fault may have run out: it is replaced at once again', () => {
  expect(nextStep(attemptsOf(unauthorized, unauthorized, deferred, unauthorized))).toEqual({ waitMs: 0 });
});

test('an attempt repeated at once does not lengthen the back-off', () => {
  expect(nextStep(attemptsOf(deferred, unauthorized, deferred))).toEqual({ waitMs: 1 * minuteMs });
});

test('credentials that Entra itself refuses are not tried again at once: there was no token to be stale', () => {
  expect(nextStep(attemptsOf(badSecret))).toEqual({ waitMs: 30 * secondMs });
  expect(nextStep(attemptsOf(badSecret, badSecret))).toEqual({ waitMs: 1 * minuteMs });
});

test('without fresh tokens a rejected one is waited out, and without delays nothing is retried', () => {
  expect(nextStep(attemptsOf(unauthorized), { ...defaultRetryLimits, freshTokensMax: 0 })).toEqual({ waitMs: 30 * secondMs });
  expect(nextStep(attemptsOf(deferred), { ...defaultRetryLimits, retryDelaysMs: [] })).toBe('stop');
});

test('a wait is no shorter than the far end asked for, and else as long as ever', () => {
  const busy = (retryAfterMs: number): Outcome => ({ kind: 'deferred', stage: 'token', reason: '429 Too Many Requests', retryAfterMs });
  expect(nextStep(attemptsOf(busy(60 * secondMs)))).toEqual({ waitMs: 30 * secondMs, leastMs: 60 * secondMs });
  expect(spread({ waitMs: 30 * secondMs, leastMs: 60 * secondMs }, 1)).toBe(60 * secondMs);
  expect(spread({ waitMs: 5 * minuteMs, leastMs: 60 * secondMs }, 0.5)).toBe(3.75 * minuteMs);
});

test('a mail whose far end asks for more time than is left is dead-lettered', () => {
  expect(endOf([{ at: 0, outcome: { kind: 'deferred', stage: 'token', reason: 'busy', retryAfterMs: 24 * hourMs + 1 }, settingsRevision: 1 }])).toBe('dead-lettered');
});
