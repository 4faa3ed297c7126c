import { Secret, type Outcome, type SmtpServerSettings, type Trace } from '@isesim/domain';
import { expect, it } from 'vitest';
import { testConnection } from './connection-test.ts';

const settings: SmtpServerSettings = { host: 'smtp.office365.com', port: 587, connectionTimeoutMs: 60_000, tls: true, authentication: { type: 'password', username: 'u', password: new Secret('p') } };

function run(outcome: Outcome, trace = false) {
  const heard: string[] = [];
  const mail = {
    testConnection: (_settings: SmtpServerSettings, tell?: Trace) => {
      tell?.({ step: 'resolve', name: 'smtp.office365.com', address: '127.0.0.1' });
      return Promise.resolve(outcome);
    },
  };
  const test = testConnection(settings, { node: 'ise-1', by: 'ISE', trace, onTrace: ({ step }) => { heard.push(step); }, mail, clock: { now: () => 7 } });
  return test.then((result) => ({ result, heard }));
}

it('a success is told as the page tells it', async () => {
  expect((await run({ kind: 'accepted', reply: { code: 235, text: 'ok' } })).result).toEqual({
    node: 'ise-1', by: 'ISE', succeeded: true, message: 'Successfully connected to smtp.office365.com.', certainty: 'documented', outcome: { kind: 'accepted', reply: { code: 235, text: 'ok' } },
  });
});

it('a known failure is told in the words of the page, with its name and remedy', async () => {
  const { result } = await run({ kind: 'unauthorized', stage: 'token', code: '7000215', reason: 'AADSTS7000215' });
  expect(result).toMatchObject({ succeeded: false, message: 'Invalid client secret', certainty: 'documented', failure: 'client-secret', remedy: expect.stringContaining('client secret') as string });
});

it('where the text of the page is not known, and where nothing is, the reason stands there', async () => {
  expect((await run({ kind: 'deferred', stage: 'token', code: '90033', reason: 'busy' })).result).toMatchObject({ message: 'busy', certainty: 'ours', failure: 'token-busy' });
  const { result } = await run({ kind: 'refused', stage: 'auth', code: 'EWHAT', reason: 'something new' });
  expect(result).toMatchObject({ succeeded: false, message: 'something new', certainty: 'ours' });
  expect(result.failure).toBeUndefined();
});

it('what happens on the way is heard while it happens, and is in the answer where it was asked for', async () => {
  const outcome: Outcome = { kind: 'accepted', reply: { code: 235, text: 'ok' } };
  const [without, with_] = [await run(outcome), await run(outcome, true)];
  expect([without.heard, without.result.trace]).toEqual([['resolve'], undefined]);
  expect(with_.result.trace).toEqual([{ at: 7, step: 'resolve', name: 'smtp.office365.com', address: '127.0.0.1' }]);
});
