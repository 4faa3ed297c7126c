import { ErrorCode, NatsError } from 'nats';
import { expect, test } from 'vitest';
import { Interruption } from './interruption.ts';

const silence = new NatsError('TIMEOUT', ErrorCode.Timeout);

test('what the server leaves unanswered is tried again, and the try knows that an earlier one may have been obeyed', async () => {
  const tries: boolean[] = [];
  const answered = await new Interruption().untilAnswered((again) => {
    tries.push(again);
    return again ? Promise.resolve('stored') : Promise.reject(silence);
  });
  expect([answered, tries]).toEqual(['stored', [false, true]]);
});

test('a server that never answers is given up', async () => {
  let tries = 0;
  const given = new Interruption().untilAnswered(() => {
    tries += 1;
    return Promise.reject(silence);
  });
  await expect(given).rejects.toMatchObject({ code: 'nats-silent', message: 'nats-server does not answer: 6 tries got no answer in time', cause: silence });
  expect(tries).toBe(6);
});

test('any other error is not tried again', async () => {
  const error = new Error('wrong');
  await expect(new Interruption().untilAnswered(() => Promise.reject(error))).rejects.toBe(error);
});
