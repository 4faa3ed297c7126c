import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accountsConfiguration, Bus, createStreams, OutdatedWrite } from '@isesim/bus';
import { AgentClock, Coordinator } from '@isesim/clock';
import { createCredentials, publicKeys, type DeploymentCredentials } from '@isesim/deployment';
import { nameOf, type AcceptedMail, type Alarm, type BusKey, type MailEnd, type Notification, type Persona } from '@isesim/domain';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { keepNatsServer, type KeptNatsServer } from './keep-nats-server.ts';
import { fetchNatsServer, findNatsServer } from './nats-server.ts';
import { systemWall } from './system-wall.ts';

/** What the rights of each node are for, on a server as it is launched: two hybrids of PAN and MnT, two PSNs, and a neighbour. */

const member = (name: string, ...personas: Persona[]) => ({ name, personas });
const members = [member('ise-1', 'pan', 'mnt'), member('ise-2', 'pan', 'mnt'), member('psn-1', 'psn'), member('psn-2', 'psn')];
const deployments = ['medium', 'neighbour'] as const;
const credentials = Object.fromEntries(deployments.map((d) => [d, createCredentials(members.map(({ name }) => name))])) as Record<(typeof deployments)[number], DeploymentCredentials>;

let folder = '';
let nats: KeptNatsServer;
beforeAll(async () => {
  const binary = (await findNatsServer(process.env)) ?? (await fetchNatsServer(process.env));
  folder = await mkdtemp(join(tmpdir(), 'isesim-bus-on-nats-'));
  const accounts = deployments.map((d) => accountsConfiguration({ deployment: d, members, keys: publicKeys(credentials[d]) }));
  nats = await keepNatsServer({ binary, folder, accounts, onPid: (pid) => process.once('exit', () => { end(pid); }) }, () => undefined);
  for (const d of deployments) {
    const { bus } = await agent('store', d);
    await createStreams(bus.connection, d, members);
  }
}, 60_000);
afterAll(async () => {
  await nats.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Agent {
  readonly bus: Bus;
  readonly clock: AgentClock;
  /** Runs as a piece of work, as everything does that uses the bus. */
  readonly work: <T>(run: (bus: Bus) => Promise<T>) => Promise<T>;
}

async function agent(name: string, d: (typeof deployments)[number] = 'medium', key = keyOf(name, d)): Promise<Agent> {
  const clock: AgentClock = new AgentClock({ agent: `${name}#1`, start: 0, push: (report) => { bus.report(report); }, onDefect: (what, error) => { throw new Error(what, { cause: error }); } });
  const bus = await Bus.connect({ url: nats.url, key, deployment: d, name, incarnation: `${name}#1`, clock });
  onTestFinishedOrAll(async () => {
    clock.revoke();
    await bus.close();
  });
  return { bus, clock, work: (run) => clock.start('test', () => run(bus)) };
}

function keyOf(name: string, d: (typeof deployments)[number]): BusKey {
  const { store, operator, microsoft365, nodes } = credentials[d];
  return { store, operator, microsoft365, ...nodes }[name] ?? store;
}

/** Closes what a test opened when it ends, and what was opened before any test at the very end. */
function onTestFinishedOrAll(close: () => Promise<void>): void {
  try {
    onTestFinished(close);
  } catch {
    afterAll(close);
  }
}

const alarmOf = (node: string, id: string): Alarm => ({ id, name: 'High CPU', severity: 'Warning', details: '', node, raisedAt: 0 });
const notificationOf = (id: string, purpose: 'portal-notification' | 'guest-expiry'): Notification => ({
  id,
  purpose,
  template: purpose === 'guest-expiry' ? 'guest-expiry-notice' : 'guest-credentials',
  to: ['ana@guest.example'],
  data: {},
  traceId: 't',
  at: 0,
});
const endOf = (notificationId: string): MailEnd => ({ notificationId, end: 'accepted', outcome: { kind: 'accepted', reply: { code: 250, text: 'OK' } }, attempts: 1, settingsRevision: 1, at: 0 });

/** What `reader` takes of a stream, and a wait for its next so many. */
async function taking<T>(reader: Agent, follow: (bus: Bus, take: (taken: T) => void) => Promise<unknown>) {
  const taken: T[] = [];
  const waits = new Set<() => void>();
  await reader.work((bus) => follow(bus, (each) => {
    taken.push(each);
    for (const look of waits) look();
  }));
  return {
    taken,
    until: (holds: (taken: readonly T[]) => boolean) => new Promise<void>((resolve) => {
      const look = () => { if (holds(taken)) resolve(); };
      waits.add(look);
      look();
    }),
  };
}

test('the primary PAN writes configuration behind a fence, every node takes it live and from the first on, and a stale write is refused', async () => {
  const [former, next, ...others] = await Promise.all(members.map(({ name }) => agent(name)));
  if (!former || !next) throw new Error('no PANs');
  const live = await Promise.all([former, next, ...others].map((each) => taking<string>(each, (bus, take) => bus.follow(bus.streams.config, ({ value, fencedBehind, sequence }) => { take(`${sequence} behind ${fencedBehind} ${value.kind} ${value.epoch}`); }))));
  const { subjects, streams } = former.bus;
  await former.work((bus) => bus.writeFenced(streams.config, subjects.config('ise-1', 'epoch'), { kind: 'epoch', epoch: 1, primary: 'ise-1' }, 0));
  await former.work((bus) => bus.writeFenced(streams.config, subjects.config('ise-1', 'portals'), { kind: 'pages', epoch: 1, pages: { portals: {} } }, 1));
  await next.work((bus) => bus.writeFenced(streams.config, subjects.config('ise-2', 'epoch'), { kind: 'epoch', epoch: 2, primary: 'ise-2' }, 2));
  await expect(former.work((bus) => bus.writeFenced(streams.config, subjects.config('ise-1', 'portals'), { kind: 'pages', epoch: 1, pages: { portals: {} } }, 2))).rejects.toThrow(OutdatedWrite);

  const written = ['1 behind 0 epoch 1', '2 behind 1 pages 1', '3 behind 2 epoch 2'];
  for (const { taken, until } of live) {
    await until(({ length }) => length === 3);
    expect(taken).toEqual(written);
  }
  const late = await agent('psn-2');
  const caughtUp = await taking<string>(late, (bus, take) => bus.follow(bus.streams.config, ({ value, fencedBehind, sequence }) => { take(`${sequence} behind ${fencedBehind} ${value.kind} ${value.epoch}`); }));
  expect(caughtUp.taken).toEqual(written);
});

test('a PSN asks a PAN, a PAN the other, the operator every node', async () => {
  const agents = Object.fromEntries(await Promise.all([...members.map(({ name }) => name), 'operator'].map(async (name) => [name, await agent(name)] as const)));
  for (const { name } of members) agents[name]?.bus.answer('raise-alarm', ({ details }, asker) => Promise.resolve({ id: `${name} heard ${details} of ${asker}` }));
  await Promise.all(Object.values(agents).map(({ bus }) => bus.connection.flush()));
  const asked = [['psn-1', 'ise-1'], ['psn-2', 'ise-2'], ['ise-1', 'ise-2'], ['ise-2', 'ise-1'], ...members.map(({ name }) => ['operator', name])];
  const answers = await Promise.all(asked.map(([from = '', to = '']) => agents[from]?.work((bus) => bus.ask(to, 'raise-alarm', { name: 'x', severity: 'Info', details: 'it' }))));

  expect(answers.map((answer) => answer?.id)).toEqual(asked.map(([from = '', to = '']) => `${to} heard it of ${from}`));
});

test('an alarm of any node reaches both MnTs, live or caught up', async () => {
  const [one, two] = [await agent('ise-1'), await agent('ise-2')];
  const follow = (each: Agent) => taking<string>(each, (bus, take) => bus.follow(bus.streams.alarms, ({ value }) => { take(value.id); }));
  const live = await follow(one);
  const ids = members.map(({ name }) => `alarm-of-${name}`);
  for (const { name } of members) {
    const raiser = await agent(name);
    await raiser.work((bus) => bus.writeFenced(bus.streams.alarms, bus.subjects.alarm(name, `alarm-of-${name}`), alarmOf(name, `alarm-of-${name}`), 'subject is new'));
  }
  await live.until(({ length }) => length === ids.length);

  expect(live.taken).toEqual(ids);
  expect((await follow(two)).taken).toEqual(ids);
});

test('a notification is written once by its node, and its end is found; the other PAN sees and ends what it takes over', async () => {
  const [owner, peer, psn] = [await agent('ise-1'), await agent('ise-2'), await agent('psn-1')];
  const { streams, subjects } = owner.bus;
  const entry = notificationOf('n1', 'guest-expiry');
  const subject = subjects.outbox('pan', 'ise-1', 'guest-expiry', 'n1');
  await owner.work((bus) => bus.writeFenced(streams.outbox('pan', 'ise-1'), subject, entry, 'subject is new'));
  await expect(owner.work((bus) => bus.writeFenced(streams.outbox('pan', 'ise-1'), subject, entry, 'subject is new'))).rejects.toThrow(OutdatedWrite);
  const seen = await taking<string>(peer, (bus, take) => bus.follow(bus.streams.outbox('pan', 'ise-1'), ({ value }) => { take(value.id); }));
  expect(seen.taken).toEqual(['n1']);
  expect(await peer.work((bus) => bus.readLast(streams.outcomes, subjects.outcome('pan', 'ise-1', 'n1')))).toBeUndefined();
  await peer.work((bus) => bus.writeOnce(streams.outcomes, subjects.outcome('pan', 'ise-1', 'n1'), endOf('n1')));
  expect((await owner.work((bus) => bus.readLast(streams.outcomes, subjects.outcome('pan', 'ise-1', 'n1'))))?.value).toEqual(endOf('n1'));

  const own = notificationOf('n2', 'portal-notification');
  await psn.work((bus) => bus.writeFenced(streams.outbox('psn', 'psn-1'), subjects.outbox('psn', 'psn-1', 'portal-notification', 'n2'), own, 'subject is new'));
  await psn.work((bus) => bus.writeOnce(streams.outcomes, subjects.outcome('psn', 'psn-1', 'n2'), endOf('n2')));
  expect((await psn.work((bus) => bus.readLast(streams.outbox('psn', 'psn-1'), subjects.outbox('psn', 'psn-1', 'portal-notification', 'n2'))))?.value).toEqual(own);
  for (const other of [peer, await agent('psn-2')]) await expect(other.work((bus) => bus.readLast(streams.outbox('psn', 'psn-1'), subjects.outbox('psn', 'psn-1', 'portal-notification', 'n2')))).rejects.toMatchObject({ code: 'PERMISSIONS_VIOLATION' });
});

test('accounts are written by PANs and read by PANs and PSNs', async () => {
  const user = { kind: 'internal-user', user: { name: 'jdoe', email: 'jdoe@contoso.example', passwordChanged: 0, passwordNeverExpires: false } } as const;
  const [pan, psn] = [await agent('ise-2'), await agent('psn-1')];
  const { streams, subjects } = pan.bus;
  await pan.work((bus) => bus.write(streams.accounts, subjects.internalUser('jdoe'), user));

  expect((await psn.work((bus) => bus.readLast(streams.accounts, subjects.internalUser('jdoe'))))?.value).toEqual(user);
  await expect(psn.work((bus) => bus.write(streams.accounts, subjects.internalUser('jdoe'), user))).rejects.toMatchObject({ code: 'PERMISSIONS_VIOLATION' });
});

test('the double writes the record of mail, every node its status, and the deployment takes both', async () => {
  const [store, double, psn] = [await agent('store'), await agent('microsoft365'), await agent('psn-1')];
  const mails = await taking<string>(store, (bus, take) => bus.follow(bus.streams.mail, ({ value }) => { take(value.record.id); }));
  const statuses = await taking<string>(store, (bus, take) => bus.follow(bus.streams.status, ({ value }) => { take(`${value.node} ${value.status}`); }));
  await double.work((bus) => bus.writeOnce(bus.streams.mail, bus.subjects.mail('m1'), acceptedMail('m1')));
  await psn.work((bus) => bus.write(bus.streams.status, bus.subjects.report('psn-1'), { node: 'psn-1', incarnation: 1, status: 'Connected', settingsRevision: 1, pid: 1 }));
  await Promise.all([mails.until(({ length }) => length > 0), statuses.until(({ length }) => length > 0)]);

  expect([...mails.taken, ...statuses.taken]).toEqual(['m1', 'psn-1 Connected']);
});

test("a neighbour's credentials are refused everywhere, under whatever name", async () => {
  const stranger = await agent('psn-1', 'medium', credentials.neighbour.nodes['psn-1']);
  const { streams, subjects } = stranger.bus;

  await expect(stranger.work((bus) => bus.writeFenced(streams.alarms, subjects.alarm('psn-1', 'x'), alarmOf('psn-1', 'x'), 'subject is new'))).rejects.toMatchObject({ code: 'PERMISSIONS_VIOLATION' });
  await expect(stranger.work((bus) => bus.readLast(streams.config, subjects.config('ise-1', 'epoch')))).rejects.toMatchObject({ code: 'PERMISSIONS_VIOLATION' });
  await expect(stranger.work((bus) => bus.ask('ise-1', 'ping', {}))).rejects.toMatchObject({ code: 'not-allowed' });
});

test('simulated time goes on over a killed server: what was asked is answered, what is due is done, once each', async () => {
  const [store, psn, pan] = [await agent('store'), await agent('psn-1'), await agent('ise-1')];
  const happened: string[] = [];
  const kill = () => { process.kill(nats.pid, 'SIGKILL'); };
  const coordinator = new Coordinator({ start: 0, wall: systemWall, send: (to, grant) => { store.bus.grant(nameOf(to), grant); } });
  onTestFinished(() => { coordinator.stop(); });
  store.bus.onReport((report) => { coordinator.received(report); });
  pan.bus.answer('ping', async () => {
    happened.push(`asked at ${pan.clock.now()}`);
    // Its report that it only sleeps, and the grant that wakes it, find no server.
    kill();
    await pan.clock.sleep({ ms: 50 });
    kill();
    return { open: [] };
  });
  for (const { bus, clock } of [psn, pan]) {
    coordinator.admit(`${bus === psn.bus ? 'psn-1' : 'ise-1'}#1`);
    await bus.onGrant((grant) => { clock.obey(grant); });
  }
  await Promise.all([store, psn, pan].map(({ bus }) => bus.connection.flush()));
  psn.clock.at(100, 'ask', async () => {
    await psn.bus.ask('ise-1', 'ping', {});
    happened.push(`answered at ${psn.clock.now()}`);
    await psn.bus.writeFenced(psn.bus.streams.alarms, psn.bus.subjects.alarm('psn-1', 'after'), alarmOf('psn-1', 'after'), 'subject is new');
    happened.push('written');
  });
  for (const due of [90, 120, 200, 300]) pan.clock.at(due, 'timer', () => Promise.resolve(void happened.push(`timer at ${pan.clock.now()}`)));
  for (const { clock } of [psn, pan]) clock.hello();
  await coordinator.advance(1_000);

  expect(happened).toEqual(['timer at 90', 'asked at 100', 'timer at 120', 'answered at 150', 'written', 'timer at 200', 'timer at 300']);
}, 30_000);

function acceptedMail(id: string): AcceptedMail {
  return {
    source: 'Subject: s\r\n\r\nt',
    record: {
      id,
      messageId: `${id}@ise.example`,
      purpose: null,
      template: null,
      sentBy: null,
      personas: [],
      from: 'a@x.example',
      to: ['b@x.example'],
      subject: 's',
      acceptedAt: '2026-01-01T00:00:00.000Z',
      acceptedAtSimulated: '2026-01-01T00:00:00.000Z',
      begunAtSimulated: '2026-01-01T00:00:00.000Z',
      remoteAddress: '127.0.0.1',
      ehlo: 'x',
      evidence: 'address',
      authenticatedAs: { clientId: 'c', mailbox: 'm' },
      traceId: null,
      claimedNode: null,
    },
  };
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
