import { streamsOf, subjectsOf, type Bus } from '@isesim/bus';
import type { DeploymentNode, MailEnd, Notification } from '@isesim/domain';
import { expect, test } from 'vitest';
import { readOutbox } from './read-outbox.ts';

const node = (name: string, personas: DeploymentNode['personas']): DeploymentNode => ({ name, fqdn: `${name}.ise.example`, address: '127.0.0.2', personas, roles: {} });
const owed = (id: string, at: number): Notification => ({ id, purpose: 'alarm', template: 'alarm', to: ['noc@contoso.example'], data: {}, traceId: 't', at });
const end = (notificationId: string): MailEnd => ({ notificationId, end: 'accepted', outcome: { kind: 'accepted', reply: { code: 250, text: 'OK' } }, attempts: 1, settingsRevision: 1, at: 1 });

test("what all nodes owe is told oldest first, each with its own end: the same fact at two nodes is two entries", async () => {
  const subjects = subjectsOf('test');
  const streams = streamsOf('test');
  const stored: Record<string, { subject: string; value: unknown }[]> = {
    [streams.outbox('mnt', 'ise-1').name]: [{ subject: subjects.outbox('mnt', 'ise-1', 'alarm', 'same'), value: owed('same', 30) }],
    [streams.outbox('mnt', 'ise-2').name]: [
      { subject: subjects.outbox('mnt', 'ise-2', 'alarm', 'first'), value: owed('first', 10) },
      { subject: subjects.outbox('mnt', 'ise-2', 'alarm', 'same'), value: owed('same', 20) },
    ],
    [streams.outcomes.name]: [{ subject: subjects.outcome('mnt', 'ise-2', 'same'), value: end('same') }],
  };
  const bus = {
    streams,
    subjects,
    readAll: async function* ({ name }: { name: string }) {
      for (const message of stored[name] ?? []) yield await Promise.resolve(message);
    },
  };
  const entries = await readOutbox(bus as unknown as Bus, [node('ise-1', ['pan', 'mnt']), node('ise-2', ['mnt']), node('psn-1', ['psn'])]);

  expect(entries.map(({ node: name, persona, notification, end: how }) => `${name} ${persona} ${notification.id} ${how?.end ?? 'owed'}`)).toEqual([
    'ise-2 mnt first owed',
    'ise-2 mnt same accepted',
    'ise-1 mnt same owed',
  ]);
});
