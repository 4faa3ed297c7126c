import { fits, type AttemptsAt, type Disturbance, type MailFilter, type OutboxEntry } from '@isesim/deployment';
import { formatInstant, parseInstant, type AcceptedMail, type Alarm, type AuditFinding, type DeploymentNode, type MailRecord } from '@isesim/domain';
import { parseTopology } from '@isesim/topology';
import type { Stage } from './stage.ts';

const yaml = `
name: test
startTime: 2026-02-02T05:00:00Z
nodes:
  - { name: ise-1, pan: primary, mnt: primary }
  - { name: psn, psn: true, count: 2 }
`;

/** What a test puts on the stage. */
export interface Props {
  readonly records?: MailRecord[];
  readonly alarms?: readonly Pick<Alarm, 'name' | 'node'>[];
  readonly outbox?: readonly OutboxEntry[];
  /** What nodes remember of what they owe. */
  readonly attempts?: readonly AttemptsAt[];
  readonly findings?: readonly AuditFinding[];
  /** Simulated instants at which something happens. */
  readonly due?: { readonly at: number; readonly happens: () => void }[];
  /** Happens when somebody waits for quiet: the effect of what was done before. */
  readonly effects?: (() => void)[];
  /** The SMTP Server page that every node holds. */
  readonly page?: object;
  /** What nodes answer; throws to refuse. */
  readonly answer?: (node: string, verb: string, value: unknown) => object;
  readonly folder?: string;
  /** Nodes that are Disconnected, and why. */
  readonly away?: Readonly<Record<string, string>>;
  readonly smtpServer?: 'configured' | 'not configured';
  /** As they are listed. */
  readonly faults?: readonly Disturbance[];
}

export const began = parseInstant('2026-02-02T05:00:00Z') ?? 0;

/** A deployment for tests of what acts on one: two PSNs and a node with the rest, nothing behind them but what the test puts there. */
export function testStage(props: Props = {}) {
  const { records = [], alarms = [], outbox = [], attempts = [], findings = [], folder = '/nowhere', faults = [] } = props;
  const topology = parseTopology(yaml, { file: 'test.yaml', env: {} });
  const nodes = topology.nodes.map((node, index) => ({ ...node, address: `127.1.1.${index + 1}` }));
  const done: string[] = [];
  const time = testTime(props);
  const { asked, ask } = testAnswers(props, time.now);
  const { mails, listeners, accept } = testMails(records);
  const deployment = {
    topology,
    nodes,
    microsoft365: { login: { host: '127.0.0.1', port: 1 }, smtp: { host: '127.0.0.1', port: 2 }, proxy: { host: '127.0.0.1', port: 3 }, roots: { 'entra-root': '', 'exchange-root': '' } },
    mails,
    ...time,
    ...testNodes(nodes, props, done),
    holderOf: () => 'ise-1',
    ask,
    faults: () => faults,
    heal: () => Promise.resolve(),
    smtpServer: () => props.smtpServer ?? 'configured',
    settings: {
      setSmtp: (changed: object) => {
        done.push(`set ${JSON.stringify(changed)}`);
        return { saved: {}, draft: changed };
      },
    },
    alarms: () => Promise.resolve(alarms),
    outbox: () => Promise.resolve(outbox),
    attempts: (of: readonly string[]) => Promise.resolve(attempts.filter(({ node }) => of.includes(node))),
    audit: () => ({ judged: records.length, findings }),
  };
  const stage = { deployment, folder } as unknown as Stage;
  return { stage, asked, done, records, accept, listeners, now: () => formatInstant(time.now()) };
}

function testTime({ due = [], effects = [] }: Props) {
  let now = began;
  return {
    now: () => now,
    nextDue: () => Promise.resolve(due[0]?.at),
    advance: (to: number) => {
      while (due[0] && due[0].at <= to) due.shift()?.happens();
      now = to;
      return Promise.resolve();
    },
    quiet: () => {
      for (const effect of effects.splice(0)) effect();
      return Promise.resolve();
    },
  };
}

function testNodes(nodes: readonly DeploymentNode[], { away = {} }: Props, done: string[]) {
  const stopped = new Map<string, string>(Object.entries(away));
  return {
    states: () =>
      nodes.map((node) => ({
        ...node,
        duties: node.name === 'ise-1' ? ['primary PAN', 'active MnT'] : [],
        status: stopped.has(node.name) ? 'Disconnected' : 'Connected',
        settingsRevision: 7,
        pid: stopped.has(node.name) ? null : 1,
        ...(stopped.has(node.name) && { reason: stopped.get(node.name) }),
      })),
    kill: (node: string) => {
      stopped.set(node, 'killed');
      done.push(`kill ${node}`);
      return Promise.resolve();
    },
    start: (node: string) => {
      stopped.delete(node);
      done.push(`start ${node}`);
      return Promise.resolve();
    },
    restart: () => Promise.resolve(),
  };
}

function testAnswers({ answer, page = {} }: Props, now: () => number) {
  const asked: { node: string; verb: string; value: unknown }[] = [];
  const guestMade = (value: unknown) => ({ guest: { username: 'ana01', ...(value as object), createdAt: now(), validFrom: now(), validTo: now() }, id: 'id', notificationId: 'id', mailed: true });
  const ask = (node: string, verb: string, value: unknown) => {
    asked.push({ node, verb, value });
    if (verb === 'show-settings') return Promise.resolve({ revision: 7, pages: { 'smtp-server': page } });
    return Promise.resolve(answer?.(node, verb, value) ?? guestMade(value));
  };
  return { asked, ask };
}

function testMails(records: MailRecord[]) {
  const listeners = new Set<(mail: AcceptedMail) => void>();
  const accepted = (record: MailRecord): AcceptedMail => ({ record, source: sources.get(record) ?? '' });
  const mails = {
    all: (filter: MailFilter = {}) => records.filter((record) => fits(record, filter)),
    find: (id: string) => records.filter((record) => record.id === id).map(accepted)[0],
    onMail: (listener: (mail: AcceptedMail) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  /** A mail is accepted now. */
  const accept = (fields: Partial<MailRecord>) => {
    const record = testMail(fields);
    records.push(record);
    for (const listener of listeners) listener(accepted(record));
  };
  return { mails, listeners, accept };
}

const sources = new WeakMap<MailRecord, string>();

export function testMail(fields: Partial<MailRecord> = {}, text = 'The load is high.'): MailRecord {
  const record: MailRecord = {
    id: '0123456789ab',
    messageId: 'alarm-1@ise.example',
    purpose: 'alarm',
    template: 'alarm',
    sentBy: 'ise-1',
    personas: ['pan', 'mnt'],
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
  sources.set(record, `Subject: ${record.subject}\r\n\r\n${text}\r\n`);
  return record;
}
