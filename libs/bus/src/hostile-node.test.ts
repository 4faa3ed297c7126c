import { connect as connectSocket } from 'node:net';
import { personas, purposes, type Alarm, type Persona } from '@isesim/domain';
import { headers, type Msg, type MsgHdrs, type NatsConnection, type NatsError } from 'nats';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { signNonce } from './keys.ts';
import { microsoft365, operator, rightsOf } from './rights.ts';
import { streamsOf, subjectsOf } from './streams.ts';
import { promiseParts, TestClock, TestNats, type TestMember } from './testing.ts';

/**
 * Every attack on the rights of others that we know, by nodes that have been taken over: with their real credentials, on a
 * real server, without the code that keeps to the rules. The numbers are those of the attack table in README.md.
 */

const node = (name: string, ...has: Persona[]): TestMember => ({ name, personas: has });
const members = {
  hybrid: [node('ise-1', 'pan', 'mnt'), node('ise-2', 'pan', 'mnt'), node('psn-1', 'psn'), node('psn-2', 'psn')],
  dedicated: [node('pan-1', 'pan'), node('pan-2', 'pan'), node('mnt-1', 'mnt'), node('mnt-2', 'mnt'), node('psn-1', 'psn')],
};
type Deployment = keyof typeof members;

let nats: TestNats;
beforeAll(async () => {
  nats = await TestNats.start(members);
}, 30_000);
afterAll(async () => {
  await nats[Symbol.asyncDispose]();
});

const attackers: { attacker: string; d: Deployment; what: string }[] = [
  { what: 'a PSN', attacker: 'psn-2', d: 'hybrid' },
  { what: 'a secondary PAN that is an MnT too', attacker: 'ise-2', d: 'hybrid' },
  { what: 'a dedicated secondary PAN', attacker: 'pan-2', d: 'dedicated' },
  { what: 'a dedicated MnT', attacker: 'mnt-2', d: 'dedicated' },
];

describe.each(attackers)('$what that was taken over ($attacker)', ({ attacker, d }) => {
  const self = members[d].find(({ name }) => name === attacker) ?? node(attacker);
  const rights = rightsOf(d, self, members[d]);
  const protectedSubjects = everySubject(d).filter((subject) => !rights.publish.some((right) => fits(right, subject)));
  let scene: Scene;

  beforeAll(async () => {
    scene = await Scene.open(d, self);
  });
  beforeEach(() => scene.look());

  test('(control: what somebody else does shows in the scene)', async () => {
    const somebody = await nats.connect(d, 'psn-1');
    await somebody.jetstream().publish(subjectsOf(d).alarm('psn-1', 'control'), '{}');

    expect(await scene.harm()).toContainEqual(expect.stringContaining('alarm.psn-1.control is now'));
    await scene.look();
    const asking = await nats.connect(d, operator);
    asking.publish(`isesim.${d}.rpc.${members[d].find(({ name }) => name !== attacker)?.name ?? ''}.ping.${operator}`, '{}');
    await asking.flush();

    expect(await scene.harm()).toEqual([expect.stringContaining('.ping.operator')]);
  });

  test('1: publishes nothing under a subject that is not its own', async () => {
    for (const subject of protectedSubjects) scene.publish(subject, 'junk');
    expect(await scene.harm()).toEqual([]);

    expect(scene.deniedPublishes()).toEqual(new Set(protectedSubjects));
  });

  test("2: gets no acknowledgement of the server's delivered where it says", async () => {
    for (const own of ownWrites(d, self)) for (const target of protectedSubjects) scene.publish(own(), 'junk', { reply: target });
    expect(await scene.harm()).toEqual([]);
  });

  test('3, 6: gets nothing that it may read delivered where it says: no entry of its own, no old configuration', async () => {
    const forged = headers();
    forged.set('Nats-Expected-Last-Sequence', '0');
    for (const own of ownWrites(d, self)) scene.publish(own(), '{"kind":"epoch","epoch":9,"primary":"me"}', { headers: forged });
    for (const read of rights.publish.filter((right) => right.startsWith('$JS.API.DIRECT.GET.'))) {
      for (const target of protectedSubjects) {
        scene.publish(read, '{"seq":1,"next_by_subj":">"}', { reply: target });
        scene.publish(read, '{"last_by_subj":">"}', { reply: target });
      }
    }
    expect(await scene.harm()).toEqual([]);
  });

  test('4, 5, 7, 8, 9, 10: has no part of the JetStream API but reading by sequence', async () => {
    const stream = streamsOf(d).outbox(self.personas[0] ?? 'psn', attacker).name;
    const config = streamsOf(d).config.name;
    const subjects = [stream, config].flatMap((name) => [
      ...['INFO', 'CREATE', 'UPDATE', 'DELETE', 'PURGE', 'SNAPSHOT', 'RESTORE', 'MSG.GET', 'MSG.DELETE', 'LEADER.STEPDOWN', 'PEER.REMOVE'].map((verb) => `$JS.API.STREAM.${verb}.${name}`),
      ...['CREATE', 'NAMES', 'LIST'].map((verb) => `$JS.API.CONSUMER.${verb}.${name}`),
      ...['CREATE', 'DURABLE.CREATE', 'DELETE', 'INFO', 'MSG.NEXT', 'LEADER.STEPDOWN'].map((verb) => `$JS.API.CONSUMER.${verb}.${name}.c`),
      `$JS.API.CONSUMER.CREATE.${name}.c.isesim.>`,
      `$JS.ACK.${name}.c.1.1.1.1.0`,
      `$JS.API.DIRECT.GET.${name}.x`,
    ]);
    const wide = ['$JS.API.INFO', '$JS.API.STREAM.NAMES', '$JS.API.STREAM.LIST', '$JS.API.ACCOUNT.PURGE.x', '$JS.API.SERVER.REMOVE', '$JS.API.META.LEADER.STEPDOWN', `$JS.API.STREAM.TEMPLATE.CREATE.x`, '$SYS.REQ.USER.INFO', '$SYS.REQ.SERVER.PING', '$SYS.REQ.ACCOUNT.PING.CONNZ', '$SYS.ACCOUNT.x.CLAIMS.UPDATE', '$JSC.CI.x'];
    const consumer = JSON.stringify({ stream_name: config, config: { deliver_subject: protectedSubjects[0], ack_policy: 'none' }, name: stream, subjects: [`isesim.${d}.rpc.>`], sources: [{ name: config }], republish: { src: '>', dest: protectedSubjects[0] } });
    for (const subject of [...subjects, ...wide]) {
      scene.publish(subject, consumer);
      scene.publish(subject, '+NXT', { reply: protectedSubjects[0] ?? '' });
    }
    expect(await scene.harm()).toEqual([]);

    expect(scene.deniedPublishes()).toEqual(new Set([...subjects, ...wide]));
  });

  test('11: hears nothing that is not for it', async () => {
    const foreign = [...everySubject(d), '>', '*', `isesim.>`, `isesim.${d}.>`, `isesim.${d}.feed.>`, `isesim.${d}.rpc.>`, `isesim.${d}.rpc.*.*.*`, `isesim.${d}.grant.*`, '_INBOX.>', '_INBOX.*.>', '_R_.>', '$KV.>', '$JS.>', '$JS.EVENT.ADVISORY.>', '$SYS.>', '$SRV.>'].filter(
      (subject) => !rights.subscribe.some((right) => fits(right, subject)),
    );
    expect(await scene.deniedSubscriptions(foreign)).toEqual(foreign);
    expect(await scene.deniedSubscriptions(foreign, 'queue')).toEqual(foreign);
  });

  test('12: purges nothing by a roll-up header', async () => {
    for (const rollup of ['all', 'sub']) {
      for (const own of ownWrites(d, self)) {
        const asking = headers();
        asking.set('Nats-Rollup', rollup);
        await expect(scene.write(own(), 'junk', asking)).rejects.toMatchObject({ api_error: { err_code: 10111 } });
      }
    }
    expect(await scene.harm()).toEqual([]);
  });

  test('13: cannot take the place of what others will write by a message id, because nobody writes with one', async () => {
    const id = `guessed-${attacker}`;
    const poison = headers();
    poison.set('Nats-Msg-Id', id);
    for (const own of ownWrites(d, self)) await scene.write(own(), 'junk', poison);
    const raised = alarmOf('psn-1', id);
    const bus = await nats.bus(d, 'psn-1');
    await bus.writeOnce(bus.streams.alarms, bus.subjects.alarm('psn-1', id), raised);
    const store = await nats.bus(d, 'store');

    expect((await store.readLast(store.streams.alarms, store.subjects.alarm('psn-1', id)))?.value).toEqual(raised);
    expect((await scene.storedHeaders(store.streams.alarms.name, store.subjects.alarm('psn-1', id))).has('Nats-Msg-Id')).toBe(false);
  });

  test('15: answers no request that was put to another', async () => {
    const [asked, asker] = members[d].filter(({ name, personas: has }) => name !== attacker && has.includes('pan'));
    const responder = await nats.bus(d, asked?.name ?? '');
    responder.answer('ping', () => Promise.resolve({ open: [{ what: 'the right one', since: 0 }] }));
    await responder.connection.flush();
    await scene.deniedSubscriptions([`isesim.${d}.rpc.${asked?.name ?? ''}.*.*`, `isesim.${d}.rpc.*.ping.*`]);
    const from = await nats.bus(d, asker?.name ?? operator);
    for (let number = 1; number <= 20; number += 1) scene.publish(`_INBOX.${d}.${asker?.name ?? operator}.ask.${number}`, '{"value":{"open":[]}}');

    expect(await from.ask(asked?.name ?? '', 'ping', {})).toEqual({ open: [{ what: 'the right one', since: 0 }] });
    await from.close();
    await responder.close();
  });

  test('16, 17: asks in no other name, and what it forges of its own name is not believed', async () => {
    const pan = members[d].find(({ name, personas: has }) => name !== attacker && has.includes('pan'))?.name ?? '';
    const heard: { subject: string; account: string | undefined }[] = [];
    const responder = await nats.connect(d, pan);
    responder.subscribe(`isesim.${d}.rpc.${pan}.*.*`, { callback: (_error, message) => heard.push({ subject: message.subject, account: message.headers?.get('Nats-Request-Info') }) });
    await responder.flush();
    const forged = headers();
    forged.set('Nats-Request-Info', '{"acc":"someone-else"}');
    forged.set('Isesim-From', 'operator#1');
    for (const asker of [operator, 'store', 'psn-1', '*', '>'].filter((name) => name !== attacker)) scene.publish(`isesim.${d}.rpc.${pan}.ping.${asker}`, '{}', { headers: forged });
    scene.publish(`isesim.${d}.rpc.${pan}.reply-to-the-server.${attacker}`, '{}', { reply: '_R_.a.b' });
    scene.publish(`isesim.${d}.rpc.${attacker}.ping.${attacker}`, '{}', { reply: protectedSubjects[0] ?? '' });
    scene.publish(`isesim.${d}.rpc.${pan}.ping.${attacker}`, '{}', { headers: forged, reply: `_INBOX.${d}.${attacker}.x` });
    expect(await scene.harm()).toEqual([]);
    await responder.flush();

    expect(heard.map(({ subject }) => subject)).toEqual([`isesim.${d}.rpc.${pan}.ping.${attacker}`]);
    expect(heard[0]?.account).not.toContain('someone-else');
    await responder.close();
  });

  test('18: a message that claims to be another one by headers that only the server writes is believed nowhere', async () => {
    const forged = headers();
    for (const [name, value] of [['Nats-Stream', 'x'], ['Nats-Subject', subjectsOf(d).alarm('psn-1', 'forged')], ['Nats-Sequence', '4000'], ['Nats-Last-Sequence', '3999'], ['Nats-Time-Stamp', '0']] as const) forged.append(name, value);
    await takesOnlyTheGood(d, (subject, alarm) => scene.write(subject, JSON.stringify(alarm), forged), self);
  });

  test('19: a message that cannot be read hides none behind it', async () => {
    const status = (line: string) => Buffer.from(`NATS/1.0 ${line}\r\n\r\n`);
    for (const header of [status('404 No Messages'), status('503'), status('408 Bad Request'), Buffer.from('NATS/1.0\r\nnot a name: x\r\n\r\n'), Buffer.from('NATS/1.0\r\n: \r\n\r\n'), Buffer.from('rubbish\r\n\r\n')]) {
      await takesOnlyTheGood(d, (subject) => publishBytes(d, attacker, subject, header, ''), self);
    }
    await takesOnlyTheGood(d, (subject) => scene.write(subject, 'no JSON {'), self);
    await takesOnlyTheGood(d, (subject) => scene.write(subject, '{"an":"alarm without what an alarm has"}'), self);
  });
});

test('14: an unfenced write of a secondary PAN is stored, tells readers that it was not fenced, and leaves the last good value', async () => {
  const [primary, secondary] = [await nats.bus('hybrid', 'ise-1'), await nats.bus('hybrid', 'ise-2')];
  const epoch = { kind: 'epoch', epoch: 1, primary: 'ise-1' } as const;
  const last = await lastSequence('hybrid', 'config');
  const good = await primary.writeFenced(primary.streams.config, primary.subjects.config('ise-1', 'epoch'), epoch, last);
  await secondary.write(secondary.streams.config, secondary.subjects.config('ise-2', 'smtp-server'), { kind: 'pages', epoch: 1, pages: { 'smtp-server': {} } });
  const read = [];
  for await (const message of primary.readAll(primary.streams.config, good)) read.push(message);

  expect(read.map(({ subject, fencedBehind }) => ({ subject, fencedBehind }))).toEqual([
    { subject: '$KV.hybrid_config.ise-1.epoch', fencedBehind: last },
    { subject: '$KV.hybrid_config.ise-2.smtp-server', fencedBehind: undefined },
  ]);
});

test('the credentials of one deployment do nothing in another on the same server', async () => {
  const stranger = await nats.connect('dedicated', 'psn-1');
  const subjects = subjectsOf('hybrid');
  for (const subject of [subjects.alarm('psn-1', 'x'), subjects.report('psn-1'), subjects.outbox('psn', 'psn-1', 'portal-notification', 'x'), `isesim.hybrid.rpc.ise-1.ping.psn-1`]) {
    await expect(stranger.request(subject, 'junk', { timeout: 5_000 })).rejects.toMatchObject({ code: 'PERMISSIONS_VIOLATION' });
  }
  await expect(stranger.request('$JS.API.DIRECT.GET.KV_hybrid_config', '{"seq":1}', { timeout: 5_000 })).rejects.toMatchObject({ code: 'PERMISSIONS_VIOLATION' });
});

test('a key that the server does not know is refused', async () => {
  const other = await TestNats.start({ other: [node('psn-1', 'psn')] });
  await other[Symbol.asyncDispose]();

  await expect(nats.bus('hybrid', 'psn-1', { key: other.key('other', 'psn-1') })).rejects.toMatchObject({ code: 'AUTHORIZATION_VIOLATION' });
});

/** An attacker with its real credentials, and everybody whom it could reach, listening. */
class Scene {
  readonly #d: Deployment;
  readonly #self: TestMember;
  readonly #connection: NatsConnection;
  readonly #store: NatsConnection;
  readonly #victims: NatsConnection[] = [];
  #heard: string[] = [];
  #denied: string[] = [];
  #before: Record<string, string> = {};

  static async open(d: Deployment, self: TestMember): Promise<Scene> {
    await seed(d);
    const scene = new Scene(d, self, await nats.connect(d, self.name), await nats.connect(d, 'store', '_INBOX.looker'));
    void scene.#watchDenials();
    await scene.#listenEverywhere();
    return scene;
  }

  private constructor(d: Deployment, self: TestMember, connection: NatsConnection, store: NatsConnection) {
    this.#d = d;
    this.#self = self;
    this.#connection = connection;
    this.#store = store;
  }

  /** Remembers how things stand before an attack. */
  async look(): Promise<void> {
    this.#before = await this.#stored();
    this.#heard = [];
    this.#denied = [];
  }

  publish(subject: string, payload: string, options: { reply?: string; headers?: MsgHdrs } = {}): void {
    this.#connection.publish(subject, payload, options);
  }

  async write(subject: string, payload: string, given?: MsgHdrs): Promise<void> {
    await this.#connection.jetstream().publish(subject, payload, given ? { headers: given } : {});
  }

  /** Waits until the server has done all that the attacker set off, then tells what is stored otherwise and who has heard what. */
  async harm(): Promise<string[]> {
    await this.#connection.flush();
    // Streams work off what they are given in order: what was published before these has been stored and acknowledged.
    for (const own of ownWrites(this.#d, this.#self)) await this.write(own(), 'the end');
    for (const victim of this.#victims) await victim.flush();
    const now = await this.#stored();
    const subjects = [...new Set([...Object.keys(this.#before), ...Object.keys(now)])];
    return [...subjects.filter((subject) => now[subject] !== this.#before[subject]).map((subject) => `${subject} is now ${now[subject] ?? 'gone'}`), ...this.#heard];
  }

  deniedPublishes(): Set<string> {
    return new Set(this.#denied);
  }

  /** Those of `subjects` to which the server does not let the attacker subscribe. */
  async deniedSubscriptions(subjects: readonly string[], queue?: string): Promise<string[]> {
    const denied = new Set<string>();
    const subscriptions = subjects.map((subject) =>
      this.#connection.subscribe(subject, { ...(queue === undefined ? {} : { queue }), callback: (error: NatsError | null) => { if (error) denied.add(subject); } }),
    );
    await this.#connection.flush();
    for (const subscription of subscriptions) subscription.unsubscribe();
    return subjects.filter((subject) => denied.has(subject));
  }

  async storedHeaders(stream: string, subject: string): Promise<MsgHdrs> {
    const { headers: all } = await this.#store.request(`$JS.API.DIRECT.GET.${stream}`, JSON.stringify({ last_by_subj: subject }));
    return all ?? headers();
  }

  async #watchDenials(): Promise<void> {
    for await (const { permissionContext } of this.#connection.status()) {
      if (permissionContext?.operation === 'publish') this.#denied.push(permissionContext.subject);
    }
  }

  async #listenEverywhere(): Promise<void> {
    const others = members[this.#d].filter(({ name }) => name !== this.#self.name);
    const rightsOfOthers = others.map((other) => ({ name: other.name, hears: rightsOf(this.#d, other, members[this.#d]).subscribe }));
    for (const { name, hears } of [...rightsOfOthers, { name: operator, hears: [`_INBOX.${this.#d}.${operator}.>`] }, { name: microsoft365, hears: [`_INBOX.${this.#d}.${microsoft365}.>`, `isesim.${this.#d}.rpc.${microsoft365}.*.*`, `isesim.${this.#d}.grant.${microsoft365}`] }]) {
      const victim = await nats.connect(this.#d, name);
      for (const subject of hears) victim.subscribe(subject, { callback: (_error, message) => { this.#note(name, message); } });
      this.#victims.push(victim);
      await victim.flush();
    }
    for (const subject of [`isesim.${this.#d}.>`, `_INBOX.${this.#d}.store.>`, '$KV.>']) this.#store.subscribe(subject, { callback: (_error, message) => { this.#note('store', message); } });
    this.#victims.push(this.#store);
    await this.#store.flush();
  }

  #note(victim: string, { subject }: Msg): void {
    if (!this.#isOwn(subject)) this.#heard.push(`${victim} heard ${subject}`);
  }

  /** What the attacker may write, and what the server makes of that for those who follow it, is no hit. */
  #isOwn(subject: string): boolean {
    const own = rightsOf(this.#d, this.#self, members[this.#d]).publish;
    const written = subject.replace(`isesim.${this.#d}.feed.config.`, `$KV.${this.#d}_config.`).replace(`isesim.${this.#d}.feed.`, `isesim.${this.#d}.`);
    return own.some((right) => fits(right, written));
  }

  /** How many messages each subject has that is not the attacker's, and the last of them. */
  async #stored(): Promise<Record<string, string>> {
    const { streams } = await this.#store.jetstreamManager();
    const names = (await streams.list().next()).map(({ config }) => config.name).filter((name) => name.includes(`${this.#d}_`));
    const entries = names.map(async (name) => {
      const { state } = await streams.info(name, { subjects_filter: '>' });
      const foreign = Object.entries(state.subjects ?? {}).filter(([subject]) => !this.#isOwn(subject));
      return Promise.all(
        foreign.map(async ([subject, count]) => {
          const { seq, data } = await streams.getMessage(name, { last_by_subj: subject });
          return [`${name} ${subject}`, `${count}, the last ${seq}: ${Buffer.from(data).toString()}`] as const;
        }),
      );
    });
    return Object.fromEntries((await Promise.all(entries)).flat());
  }
}

/** Something legitimate in every stream, so that there is something to destroy. */
async function seed(d: Deployment): Promise<void> {
  const streams = streamsOf(d);
  const subjects = subjectsOf(d);
  const put = async (agent: string, subject: string) => {
    const connection = await nats.connect(d, agent);
    await connection.jetstream().publish(subject, `{"of":"${agent}"}`);
    await connection.close();
  };
  for (const { name, personas: has } of members[d]) {
    await put(name, subjects.alarm(name, 'seed'));
    await put(name, subjects.report(name));
    if (has.includes('pan')) await put(name, subjects.config(name, 'seed'));
    if (has.includes('pan')) await put(name, subjects.guest('seed'));
    for (const persona of has) await put(name, subjects.outcome(persona, name, 'seed'));
    for (const [persona, purpose] of [['pan', 'guest-expiry'], ['mnt', 'alarm'], ['psn', 'portal-notification']] as const) {
      if (has.includes(persona)) await put(name, subjects.outbox(persona, name, purpose, 'seed'));
    }
  }
  await put(microsoft365, subjects.mail('seed'));
  await put('store', subjects.duty(1));
  expect(streams.mail.name).toBe(`${d}_mail`);
}

/** One concrete subject for everything that somebody in the deployment writes, hears or asks. */
function everySubject(d: Deployment): string[] {
  const s = subjectsOf(d);
  const names = members[d].map(({ name }) => name);
  const agents = [...names, microsoft365, operator];
  const written = names.flatMap((name) => [
    s.config(name, 'smtp-server'),
    s.alarm(name, 'x'),
    s.report(name),
    ...personas.flatMap((persona) => [...purposes.map((purpose) => s.outbox(persona, name, purpose, 'x')), s.outcome(persona, name, 'x')]),
  ]);
  const stored = [...written, s.guest('x'), s.internalUser('x'), s.mail('x'), s.duty(9), `isesim.${d}.clock.x`];
  const feeds = stored.map((subject) => subject.replace(`$KV.${d}_config.`, `isesim.${d}.feed.config.`).replace(new RegExp(`^isesim\\.${d}\\.(?!feed)`), `isesim.${d}.feed.`));
  return [
    ...stored,
    ...feeds.filter((feed) => feed.startsWith('isesim.')),
    ...agents.flatMap((agent) => [s.work(agent), s.join(agent), s.grant(agent)]),
    ...names.flatMap((responder) => [...agents, 'store'].flatMap((asker) => ['ping', 'write-guest'].map((verb) => s.request(responder, verb, asker)))),
    ...[...agents, 'store'].flatMap((agent) => [`_INBOX.${d}.${agent}.ask.1`, `_INBOX.${d}.${agent}.read.1`, `_INBOX.${d}.${agent}.x.y`]),
    '_R_.a.b',
  ];
}

let made = 0;

/** Makes subjects that the node may write, one maker for each of its streams. */
function ownWrites(d: Deployment, { name, personas: has }: TestMember): (() => string)[] {
  const s = subjectsOf(d);
  const id = () => `own-${++made % 5}`;
  const outboxes = { pan: 'guest-expiry', mnt: 'alarm', psn: 'portal-notification' } as const;
  return [
    () => s.alarm(name, id()),
    () => s.report(name),
    ...has.flatMap((persona) => [() => s.outbox(persona, name, outboxes[persona], id()), () => s.outcome(persona, name, id())]),
    ...(has.includes('pan') ? [() => s.config(name, id()), () => s.guest(id())] : []),
  ];
}

function alarmOf(raisedBy: string, id: string): Alarm {
  return { id, name: 'High CPU', severity: 'Warning', details: '', node: raisedBy, raisedAt: 0 };
}

/** Between two good alarms the attacker writes a bad one: whoever follows, live or later, takes the good ones and nothing else. */
async function takesOnlyTheGood(d: Deployment, writeBad: (subject: string, alarm: Alarm) => Promise<unknown>, { name }: TestMember): Promise<void> {
  const mnt = members[d].find((member) => member.name !== name && member.personas.includes('mnt'))?.name ?? '';
  const from = (await lastSequence(d, 'alarms')) + 1;
  const [live, raiser] = [await nats.bus(d, mnt), await nats.bus(d, 'psn-1')];
  const id = `good-${++made}`;
  const takenLive: string[] = [];
  const unreadable: number[] = [];
  const { promise: last, resolve: lastTaken } = promiseParts();
  await live.follow(live.streams.alarms, ({ subject, value }) => {
    takenLive.push(`${subject} ${value.node}`);
    if (value.id === `${id}-2`) lastTaken();
  }, { from, onUnreadable: ({ sequence }) => { unreadable.push(sequence); } });
  const raise = (number: number) => raiser.writeOnce(raiser.streams.alarms, raiser.subjects.alarm('psn-1', `${id}-${number}`), alarmOf('psn-1', `${id}-${number}`));
  await raise(1);
  await writeBad(live.subjects.alarm(name, `bad-${++made}`), alarmOf('psn-1', 'bad'));
  await raise(2);
  await last;
  const good = [`isesim.${d}.alarm.psn-1.${id}-1 psn-1`, `isesim.${d}.alarm.psn-1.${id}-2 psn-1`];

  expect(takenLive).toEqual(good);
  expect(unreadable).toEqual([from + 1]);
  const clock = new TestClock();
  const later = await nats.bus(d, mnt, { clock });
  const takenLater: string[] = [];
  await later.follow(later.streams.alarms, ({ subject, value }) => { takenLater.push(`${subject} ${value.node}`); }, { from });
  expect(takenLater).toEqual(good);
  expect(clock.crossed.at(-1)).toBe(`taken ${d}_alarms ${from + 2}`);
  const read: string[] = [];
  for await (const { subject } of later.readAll(later.streams.alarms, from)) read.push(subject);
  expect(read).toHaveLength(2);
  await Promise.all([live.close(), later.close(), raiser.close()]);
}

async function lastSequence(d: Deployment, stream: 'alarms' | 'config'): Promise<number> {
  const connection = await nats.connect(d, 'store');
  const { streams } = await connection.jetstreamManager();
  const { state } = await streams.info(streamsOf(d)[stream].name);
  await connection.close();
  return state.last_seq;
}

/** Publishes a message with any bytes for headers, which the client would refuse. Resolves when the server has taken it. */
async function publishBytes(d: Deployment, agent: string, subject: string, header: Buffer, payload: string): Promise<void> {
  const key = nats.key(d, agent);
  const { hostname, port } = new URL(nats.url);
  const socket = connectSocket(Number(port), hostname);
  await new Promise<void>((resolve, reject) => {
    let said = '';
    socket.on('error', reject);
    socket.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const nonce = /"nonce":"([^"]+)"/.exec(said)?.[1];
      if (said.includes('-ERR')) reject(new Error(said));
      if (said.includes('PONG')) resolve();
      if (nonce === undefined || !said.endsWith('\r\n') || socket.bytesWritten > 0) return;
      const connect = { nkey: key.publicKey, sig: signNonce(key, nonce), headers: true, no_responders: true, verbose: false, protocol: 1, lang: 'hand', version: '1' };
      socket.write(Buffer.concat([Buffer.from(`CONNECT ${JSON.stringify(connect)}\r\nHPUB ${subject} ${header.length} ${header.length + payload.length}\r\n`), header, Buffer.from(`${payload}\r\nPING\r\n`)]));
    });
  });
  socket.destroy();
}

/** True when every subject of `subject` is one of `right`. */
function fits(right: string, subject: string): boolean {
  const [allowed, asked] = [right.split('.'), subject.split('.')];
  for (let index = 0; ; index += 1) {
    const [a, b] = [allowed[index], asked[index]];
    if (a === '>') return b !== undefined;
    if (a === undefined || b === undefined) return a === b;
    if (b === '>' || (a !== '*' && a !== b)) return false;
  }
}
