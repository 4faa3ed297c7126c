import type { MailFilter } from '@isesim/deployment';
import { fits } from '@isesim/deployment';
import { parseInstant, type AcceptedMail, type MailRecord } from '@isesim/domain';
import { parseTopology } from '@isesim/topology';
import type { DeploymentHandle, Supervised } from './operation.ts';

const yaml = `
name: test
startTime: 2026-02-02T05:00:00Z
nodes:
  - { name: ise-1, pan: primary, mnt: primary }
  - { name: psn, psn: true, count: 2 }
`;

/** A deployment for tests of what asks one: two PSNs and a node with the rest, nothing behind them. */
export function testSupervised() {
  const topology = parseTopology(yaml, { file: 'test.yaml', env: {} });
  const stopped = new Set<string>();
  const asked: { node: string; verb: string; value: unknown }[] = [];
  const records: MailRecord[] = [];
  const listeners = new Set<(mail: AcceptedMail) => void>();
  const stallListeners = new Set<(blockers: readonly string[]) => void>();
  let now = parseInstant('2026-02-02T05:00:00Z') ?? 0;
  const nodes = topology.nodes.map((node, index) => ({ ...node, address: `127.1.1.${index + 1}` }));
  const deployment = {
    topology,
    nodes,
    microsoft365: { login: { host: '127.0.0.1', port: 1 }, smtp: { host: '127.0.0.1', port: 2 }, proxy: { host: '127.0.0.1', port: 3 }, roots: { 'entra-root': '', 'exchange-root': '' } },
    mails: {
      all: (filter: MailFilter = {}) => records.filter((record) => fits(record, filter)),
      find: (id: string) => records.filter((record) => record.id === id).map((record) => ({ record, source: 'Subject: x\r\n\r\ntext' }))[0],
      onMail: (listener: (mail: AcceptedMail) => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    states: () =>
      nodes.map((node) => ({
        ...node,
        duties: node.name === 'ise-1' ? ['primary PAN', 'active MnT'] : [],
        status: stopped.has(node.name) ? 'Disconnected' : 'Connected',
        settingsRevision: 7,
        pid: stopped.has(node.name) ? null : 1,
      })),
    ask: (node: string, verb: string, value: unknown) => {
      asked.push({ node, verb, value });
      return Promise.resolve({ guest: { ...(value as object), createdAt: now, validFrom: now, validTo: now }, id: 'id', notificationId: 'id' });
    },
    now: () => now,
    advance: (to: number) => {
      now = to;
      return Promise.resolve();
    },
    kill: (node: string) => {
      stopped.add(node);
      return Promise.resolve();
    },
    start: (node: string) => {
      stopped.delete(node);
      return Promise.resolve();
    },
    restart: () => Promise.resolve(),
    alarms: () => Promise.resolve([]),
    outbox: () => Promise.resolve([]),
    holderOf: () => 'ise-1',
    smtpServer: () => 'configured',
  };
  const supervised: Supervised = {
    deployment: deployment as unknown as DeploymentHandle,
    time: 'stepped',
    natsUrl: 'nats://127.0.0.1:4222',
    caFile: '/state/test/ca.pem',
    folder: '/state/test',
    onStall: (listener) => {
      stallListeners.add(listener);
      return () => stallListeners.delete(listener);
    },
  };
  return {
    supervised,
    asked,
    listeners,
    accept: (fields: Partial<MailRecord>) => {
      const record = testRecord(fields);
      records.push(record);
      for (const listener of listeners) listener({ record, source: '' });
    },
    stall: (blockers: readonly string[]) => {
      for (const listener of stallListeners) listener(blockers);
    },
  };
}

export function testRecord(fields: Partial<MailRecord> = {}): MailRecord {
  return {
    id: '0123456789ab',
    messageId: 'alarm-1@ise.example',
    purpose: 'alarm',
    template: 'alarm',
    sentBy: 'ise-1',
    personas: ['mnt'],
    from: 'no-reply@contoso.example',
    to: ['admin@contoso.example'],
    subject: 'ISE Alarm',
    acceptedAt: '2026-11-21T10:00:00.000Z',
    acceptedAtSimulated: '2026-02-02T05:00:00Z',
    begunAtSimulated: '2026-02-02T05:00:00Z',
    remoteAddress: '127.1.1.1',
    ehlo: 'ise-1.ise.example',
    evidence: 'address',
    authenticatedAs: { clientId: 'client', mailbox: 'no-reply@contoso.example' },
    traceId: 'trace',
    claimedNode: 'ise-1',
    ...fields,
  };
}
