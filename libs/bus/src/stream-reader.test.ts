import { headers, type Msg, type NatsConnection } from 'nats';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Interruption } from './interruption.ts';
import { StreamReader } from './stream-reader.ts';
import type { Stream } from './streams.ts';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

test('a read that is not answered is asked again soon, then ever more seldom, and the first answer counts', async () => {
  const { reader, asked, answer } = readerOn();
  const start = Date.now();
  const read = reader.at({ name: 'S' } as Stream<unknown>, 7);
  await vi.advanceTimersByTimeAsync(8_000);
  expect(asked.map(({ at }) => at - start)).toEqual([0, 100, 300, 700, 1_500, 3_100, 5_100, 7_100]);
  expect(new Set(asked.map(({ payload, reply }) => `${payload} ${reply}`)).size).toBe(1);
  answer(notFound());
  expect(await read).toBeUndefined();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toHaveLength(8);
});

test('an agent that is not counted yet can ask whether the server answers it', async () => {
  const { reader, asked, answer } = readerOn({ outside: () => Promise.reject(new Error('not counted')) });
  let answered = false;
  const asking = reader.untilAnswered({ name: 'S' } as Stream<unknown>).then(() => { answered = true; });
  await vi.advanceTimersByTimeAsync(100);
  expect([answered, asked.length]).toEqual([false, 2]);
  answer(notFound());
  await asking;
  expect(answered).toBe(true);
});

test('a server that never answers is named after the whole time', async () => {
  const { reader } = readerOn();
  const read = expect(reader.at({ name: 'S' } as Stream<unknown>, 7)).rejects.toMatchObject({ code: 'nats-silent', message: 'nats-server does not answer: nothing came on $JS.API.DIRECT.GET.S within 60 s' });
  await vi.advanceTimersByTimeAsync(60_000);
  await read;
});

test('a reader that is closed asks for nothing more, nor does a read on a closed connection', async () => {
  const { reader, asked, closeConnection } = readerOn();
  void reader.at({ name: 'S' } as Stream<unknown>, 7);
  closeConnection();
  reader.close();
  await expect(reader.at({ name: 'S' } as Stream<unknown>, 8)).rejects.toThrow('CONNECTION_CLOSED');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(0);
});

/** A reader on a connection that only keeps what is asked. */
function readerOn(work: object = { outside: (_: string, run: () => Promise<unknown>) => run() }) {
  const asked: { at: number; payload: string; reply: string }[] = [];
  let closed = false;
  let hear: (error: null, message: Msg) => void = () => undefined;
  const connection = {
    subscribe: (_subject: string, { callback }: { callback: typeof hear }) => { hear = callback; },
    publish: (_subject: string, payload: string, { reply }: { reply: string }) => {
      if (closed) throw new Error('CONNECTION_CLOSED');
      asked.push({ at: Date.now(), payload, reply });
    },
  } as unknown as NatsConnection;
  const reader = new StreamReader({ connection, inbox: '_INBOX.d.n', work: work as never, interruption: new Interruption(), timeoutMs: 60_000 });
  const answer = (message: Msg) => { hear(null, { ...message, subject: asked[0]?.reply ?? '' }); };
  return { reader, asked, answer, closeConnection: () => { closed = true; } };
}

/** The server's word that it has no such message. */
function notFound(): Msg {
  return { data: new Uint8Array(), headers: headers(404, 'Message Not Found') } as unknown as Msg;
}
