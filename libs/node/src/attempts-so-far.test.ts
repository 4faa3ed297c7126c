import type { Attempt, Notification, Outcome, SmtpServerSettings } from '@isesim/domain';
import { expect, it } from 'vitest';
import { AttemptsSoFar } from './attempts-so-far.ts';

const blocked: Outcome = { kind: 'deferred', stage: 'connect', reason: 'connect ETIMEDOUT' };
const accepted: Outcome = { kind: 'accepted', reply: { code: 250, text: 'OK' } };

it('the attempts of a mail are known until it has ended, and the log hears of them as before', () => {
  const heard: number[] = [];
  const attempts = new AttemptsSoFar();
  const log = attempts.noting({ begins: () => (all) => { heard.push(all.length); }, waits: () => undefined, refused: () => undefined });
  const end = (id: string, ...outcomes: Outcome[]) => {
    const all = outcomes.map((outcome, index): Attempt => ({ at: 30_000 * (index + 1), outcome, settingsRevision: 1 }));
    log.begins({ id } as Notification, {} as SmtpServerSettings)(all);
  };
  end('first', blocked);
  end('second', blocked);
  end('first', blocked, blocked);
  expect(attempts.list()).toEqual([
    { notificationId: 'first', count: 2, at: 60_000, outcome: blocked },
    { notificationId: 'second', count: 1, at: 30_000, outcome: blocked },
  ]);
  end('first', blocked, blocked, accepted);
  expect(attempts.list().map(({ notificationId }) => notificationId)).toEqual(['second']);
  expect(heard).toEqual([1, 1, 2, 3]);
});
