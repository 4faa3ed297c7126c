import { randomBytes } from 'node:crypto';
import type { Bus } from '@isesim/bus';
import { promiseParts, TestNats } from '@isesim/bus/testing';
import { Secret, type HeldConfiguration, type Page, type Store } from '@isesim/domain';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { SettingsReplication } from './settings-replication.ts';

// One deployment on one real server for each test: the stream of one is not the stream of the next.
const names = Array.from({ length: 12 }, (_, index) => `d${index}`);
let nats: TestNats;
let d = '';
beforeAll(async () => {
  nats = await TestNats.start(Object.fromEntries(names.map((name) => [name, [{ name: 'ise-1', personas: ['pan'] }, { name: 'ise-2', personas: ['pan'] }, { name: 'psn-1', personas: ['psn'] }]])));
}, 30_000);
afterAll(async () => {
  await nats[Symbol.asyncDispose]();
});
beforeEach(() => {
  d = names.shift() ?? '';
});

const key = randomBytes(32).toString('base64');
const smtp = (secret: string): Page<'smtp-server'> => ({
  host: 'smtp.office365.com',
  port: 587,
  connectionTimeoutMs: 60_000,
  tls: true,
  authentication: { type: 'password', username: 'relay', password: new Secret(secret) },
});
const sponsors = (name: string): Page<'sponsors'> => ({ sponsors: [{ name, email: 'sponsor@contoso.example', group: 'ALL_ACCOUNTS' }] });

interface Joined {
  readonly bus: Bus;
  readonly settings: SettingsReplication;
  readonly dropped: string[];
  /** Resolves when what is held satisfies `test`. */
  until(test: (held: HeldConfiguration) => boolean): Promise<HeldConfiguration>;
}

async function join(node: string, store = memoryStore()): Promise<Joined> {
  const bus = await nats.bus(d, node);
  const dropped: string[] = [];
  const settings = await SettingsReplication.open({ bus, node, key, store, onDropped: (reason) => dropped.push(reason) });
  const until = async (holds: (held: HeldConfiguration) => boolean) => {
    const { promise, resolve } = promiseParts();
    const look = (held: HeldConfiguration) => { if (holds(held)) resolve(); };
    settings.onChange(look);
    look(settings.held());
    await promise;
    return settings.held();
  };
  return { bus, settings, dropped, until };
}

function memoryStore(): Store & { readonly files: Map<string, string> } {
  const files = new Map<string, string>();
  return {
    files,
    read: (name) => Promise.resolve(files.get(name)),
    write: (name, text) => {
      files.set(name, text);
      return Promise.resolve();
    },
  };
}

test('what the primary PAN writes, every node comes to hold, the secrets as secrets', async () => {
  const [primary, psn] = [await join('ise-1'), await join('psn-1')];
  await primary.settings.promote();
  const revision = await primary.settings.write({ 'smtp-server': smtp('hunter2') });

  expect(primary.settings.held()).toEqual({ revision, epoch: 1, primaryPan: 'ise-1', pages: { 'smtp-server': smtp('hunter2') }, writtenAt: { 'smtp-server': 0 } });
  const held = await psn.until((now) => now.revision === revision);
  expect(held).toEqual(primary.settings.held());
  expect(held.pages['smtp-server']?.authentication).toMatchObject({ password: { reveal: expect.any(Function) as unknown } });
});

test('a secret lies in the open neither in the stream nor in the store of a node', async () => {
  const store = memoryStore();
  const primary = await join('ise-1', store);
  await primary.settings.promote();
  await primary.settings.write({ 'smtp-server': smtp('hunter2') });
  const written: string[] = [];
  for await (const { value } of primary.bus.readAll(primary.bus.streams.config)) written.push(JSON.stringify(value));

  expect(written[1]).toContain('smtp.office365.com');
  expect(written.join()).not.toMatch(/hunter2|\*\*\*/);
  expect([...store.files.values()].join()).toContain('smtp.office365.com');
  expect([...store.files.values()].join()).not.toMatch(/hunter2|\*\*\*/);
});

test('a node that joins late holds what was written before, each page as it was last', async () => {
  const primary = await join('ise-1');
  await primary.settings.promote();
  await primary.settings.write({ sponsors: sponsors('first') });
  await primary.settings.write({ 'smtp-server': smtp('hunter2') });
  await primary.settings.write({ sponsors: sponsors('second') });
  const psn = await join('psn-1');

  expect(psn.settings.held()).toEqual(primary.settings.held());
  expect(psn.settings.held().pages.sponsors).toEqual(sponsors('second'));
});

test('however many pages are written at once, all are written, in the order in which that was asked for', async () => {
  const primary = await join('ise-1');
  await primary.settings.promote();
  const revisions = await Promise.all(Array.from({ length: 20 }, (_, index) => primary.settings.write({ sponsors: sponsors(`s${index}`) })));

  expect(revisions).toEqual(Array.from({ length: 20 }, (_, index) => index + 2));
  expect(primary.settings.held().pages.sponsors).toEqual(sponsors('s19'));
});

test('a node that was cut off works from its store and takes only what it has missed', async () => {
  const [primary, store] = [await join('ise-1'), memoryStore()];
  const before = await join('psn-1', store);
  await primary.settings.promote();
  await primary.settings.write({ sponsors: sponsors('before') });
  await before.until(({ revision }) => revision === 2);
  await before.bus.close();
  await primary.settings.write({ 'smtp-server': smtp('hunter2') });

  const bus = await nats.bus(d, 'psn-1');
  const taken: number[] = [];
  const settings = await SettingsReplication.open({ bus: Object.assign(bus, { follow: followNoting(bus, taken) }), node: 'psn-1', key, store, onDropped: () => undefined });
  expect(taken).toEqual([3]);
  expect(settings.held()).toEqual(primary.settings.held());
  expect(settings.held().pages.sponsors).toEqual(sponsors('before'));
});

test.each([
  { what: 'was damaged', text: '{"seen":' },
  { what: 'was sealed with another key', text: JSON.stringify({ seen: 9, held: { pages: { x: { sealed: randomBytes(60).toString('base64') } } } }) },
])('a store whose file $what is passed over: everything is replicated anew', async ({ text }) => {
  const primary = await join('ise-1');
  await primary.settings.promote();
  await primary.settings.write({ sponsors: sponsors('a') });
  const store = memoryStore();
  store.files.set('configuration.json', text);
  const psn = await join('psn-1', store);

  expect(psn.settings.held()).toEqual(primary.settings.held());
  expect(psn.dropped).toEqual(['configuration.json cannot be read: the configuration is replicated anew']);
});

test('a node that is not the primary PAN writes nothing', async () => {
  const [primary, secondary] = [await join('ise-1'), await join('ise-2')];
  await primary.settings.promote();
  await secondary.until(({ epoch }) => epoch === 1);

  await expect(secondary.settings.write({ sponsors: sponsors('x') })).rejects.toMatchObject({ code: 'not-primary', message: 'ise-2 is not the primary PAN (ise-1 is)' });
  await expect((await join('psn-1')).settings.promote()).rejects.toMatchObject({ code: 'PERMISSIONS_VIOLATION' });
});

test('after a promotion the former primary PAN writes nothing more, even before it has heard of it', async () => {
  const [former, next, psn] = [await join('ise-1'), await join('ise-2'), await join('psn-1')];
  await former.settings.promote();
  await former.settings.write({ sponsors: sponsors('former') });
  await next.settings.promote();
  // Straight at the server, with what the former primary knew: its own view may lag behind for ever.
  const { bus } = former;
  const stale = bus.writeFenced(bus.streams.config, bus.subjects.config('ise-1', 'sponsors'), { kind: 'pages', epoch: 1, pages: { sponsors: sponsors('stale') } }, 2);
  await expect(stale).rejects.toThrow('the stream has moved on');
  await expect(former.settings.write({ sponsors: sponsors('late') })).rejects.toMatchObject({ code: 'not-primary', message: 'ise-1 is not the primary PAN (ise-2 is)' });
  const revision = await next.settings.write({ sponsors: sponsors('next') });

  for (const { until } of [former, next, psn]) {
    expect(await until((held) => held.revision === revision)).toEqual({ revision: 4, epoch: 2, primaryPan: 'ise-2', pages: { sponsors: sponsors('next') }, writtenAt: { sponsors: 0 } });
  }
});

test('of two that promote themselves at once both are told the same in the end, and one is the primary PAN', async () => {
  const [one, two] = [await join('ise-1'), await join('ise-2')];
  await Promise.all([one.settings.promote(), two.settings.promote()]);
  const [a, b] = [await one.until(({ epoch }) => epoch === 2), await two.until(({ epoch }) => epoch === 2)];

  expect(a).toEqual(b);
  expect(['ise-1', 'ise-2']).toContain(a.primaryPan);
});

test('what another PAN writes without the fence is dropped by all, and the primary PAN writes on', async () => {
  const [primary, hostile, psn] = [await join('ise-1'), await join('ise-2'), await join('psn-1')];
  await primary.settings.promote();
  await primary.settings.write({ sponsors: sponsors('good') });
  const { streams, subjects, connection } = hostile.bus;
  const write = (value: unknown) => connection.jetstream().publish(subjects.config('ise-2', 'sponsors'), typeof value === 'string' ? value : JSON.stringify(value));
  await write({ kind: 'pages', epoch: 1, pages: { sponsors: sponsors('unfenced') } });
  await write({ kind: 'epoch', epoch: 2, primary: 'ise-2' });
  await write('no JSON {');
  await write({ kind: 'rollup' });
  await hostile.bus.writeFenced(streams.config, subjects.config('ise-2', 'sponsors'), { kind: 'pages', epoch: 1, pages: { sponsors: sponsors('fenced, and not the primary') } }, 6);
  const revision = await primary.settings.write({ 'smtp-server': smtp('hunter2') });

  const expected = { revision: 8, epoch: 1, primaryPan: 'ise-1', pages: { sponsors: sponsors('good'), 'smtp-server': smtp('hunter2') }, writtenAt: { sponsors: 0, 'smtp-server': 0 } };
  for (const { until, dropped } of [primary, hostile, psn]) {
    expect(await until((held) => held.revision === revision)).toEqual(expected);
    expect(dropped).toEqual([
      'ise-2 wrote without the fence',
      'ise-2 wrote without the fence',
      expect.stringMatching(/ise-2\.sponsors: is not JSON$/),
      expect.stringMatching(/ise-2\.sponsors: kind Invalid/),
      'ise-2 is not the primary PAN',
    ]);
  }
  const late = await SettingsReplication.open({ bus: await nats.bus(d, 'psn-1'), node: 'psn-1', key, store: memoryStore(), onDropped: () => undefined });
  expect(late.held()).toEqual(expected);
});

/** The bus's own `follow`, noting what is taken. */
function followNoting(bus: Bus, taken: number[]): Bus['follow'] {
  const follow = bus.follow.bind(bus);
  return (stream, take, rules) =>
    follow(stream, (message) => {
      taken.push(message.sequence);
      return take(message);
    }, rules);
}
