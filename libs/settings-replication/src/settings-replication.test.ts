import { OutdatedWrite, streamsOf, subjectsOf } from '@isesim/bus';
import { expect, test } from 'vitest';
import { SettingsReplication } from './settings-replication.ts';

test('a write that others outrun five times is given up, with what to do', async () => {
  let tries = 0;
  const settings = await SettingsReplication.open({
    bus: {
      streams: streamsOf('d'),
      subjects: subjectsOf('d'),
      follow: () => Promise.resolve({ catchUp: () => Promise.resolve() }),
      writeFenced: (_stream, subject) => {
        tries += 1;
        return Promise.reject(new OutdatedWrite(subject));
      },
    },
    node: 'ise-1',
    key: Buffer.alloc(32, 7).toString('base64'),
    store: { read: () => Promise.resolve(undefined), write: () => Promise.resolve() },
    onDropped: () => undefined,
  });

  await expect(settings.promote()).rejects.toMatchObject({ kind: 'refused', code: 'outrun', message: 'ise-1 wrote nothing: somebody else wrote the configuration 5 times meanwhile', remedy: 'Try again; if it lasts, find out who writes: isesim status' });
  expect(tries).toBe(5);
});
