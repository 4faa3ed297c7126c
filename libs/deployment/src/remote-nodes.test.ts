import type { Wall } from '@isesim/clock';
import type { NodeBoot } from '@isesim/domain';
import { expect, test } from 'vitest';
import type { Launcher, RunningPart } from './launcher.ts';
import { RemoteNodes } from './remote-nodes.ts';

/** A wall that passes when the test says so. */
class TestWall implements Wall {
  readonly #calls = new Set<{ at: number; call: () => void }>();
  #now = 0;

  now(): number {
    return this.#now;
  }

  after(ms: number, call: () => void): () => void {
    const entry = { at: this.#now + ms, call };
    this.#calls.add(entry);
    return () => { this.#calls.delete(entry); };
  }

  async pass(ms: number): Promise<void> {
    this.#now += ms;
    for (const entry of [...this.#calls].filter(({ at }) => at <= this.#now)) {
      this.#calls.delete(entry);
      entry.call();
    }
    await settle();
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

/** A deployment of which psn-1 is started elsewhere, as far as RemoteNodes sees it. */
function deployment() {
  const wall = new TestWall();
  const events: string[] = [];
  const parts: RunningPart[] = [];
  let incarnation = 0;
  const here: Launcher = { startMicrosoft365: () => Promise.reject(new Error('not here')), startNode: () => Promise.reject(new Error('not here')) };
  const remote: RemoteNodes = new RemoteNodes({
    names: new Set(['psn-1']),
    wall,
    start: async (name) => {
      const boot = { incarnation: ++incarnation, time: 0, seed: 1, node: { name, fqdn: '', address: '', personas: [], roles: {} }, hosts: {}, sealingKey: 'sealing key', nats: { url: '', key: { publicKey: '', seed: 'seed' } }, folder: '', deployment: '' } satisfies NodeBoot;
      const part = await remote.launcher(here).startNode(boot);
      void part.gone.then((reason) => events.push(`gone: ${reason ?? 'asked'}`));
      parts.push(part);
    },
    writeOff: async () => {
      events.push('written off');
      await parts.at(-1)?.stop();
    },
    onSilent: () => events.push('silent'),
    onHeard: () => events.push('heard'),
  });
  /** The node asks to join, and has joined. */
  const join = async () => {
    const { start } = await remote.answer('psn-1', { kind: 'join' });
    await remote.answer('psn-1', { kind: 'joined', incarnation: start?.incarnation ?? 0 });
    await settle();
    return start;
  };
  return { wall, events, parts, remote, join };
}

test('a node that asks to join is told all that it needs, and no key', async () => {
  const { join, parts } = deployment();
  const start = await join();

  expect(start).toMatchObject({ incarnation: 1, node: { name: 'psn-1' } });
  expect(JSON.stringify(start)).not.toMatch(/seed"?:"|sealing/);
  expect(parts).toHaveLength(1);
});

test('a node that the deployment starts itself may not join', async () => {
  const { remote } = deployment();
  await expect(remote.answer('psn-2', { kind: 'join' })).rejects.toMatchObject({ code: 'not-remote' });
});

test('a silent node is told once, and once when it is heard of again', async () => {
  const { wall, events, remote, join } = deployment();
  await join();
  await wall.pass(5_000);
  await remote.answer('psn-1', { kind: 'alive', incarnation: 1 });
  await wall.pass(5_000);
  expect(events).toEqual([]);
  await wall.pass(1_000);
  expect(events).toEqual(['silent']);
  await remote.answer('psn-1', { kind: 'alive', incarnation: 1 });
  expect(events).toEqual(['silent', 'heard']);
});

test('of two with one name the second is refused while the first lives, and takes its place when it does not', async () => {
  const { wall, events, remote, join } = deployment();
  await join();
  const refused = remote.answer('psn-1', { kind: 'join' });
  await remote.answer('psn-1', { kind: 'alive', incarnation: 1 });
  await expect(refused).rejects.toMatchObject({ code: 'running' });

  const taken = join();
  await wall.pass(3_000);
  expect(await taken).toMatchObject({ incarnation: 2 });
  expect(events).toEqual(['written off', 'gone: asked']);
  expect(await remote.answer('psn-1', { kind: 'alive', incarnation: 1 })).toEqual({ ends: true });
  expect(await remote.answer('psn-1', { kind: 'alive', incarnation: 2 })).toEqual({ ends: false });
});

test('one that is to leave is told so when it says that it lives, and is awaited', async () => {
  const { events, remote, parts, join } = deployment();
  await join();
  const stopped = parts[0]?.stop();
  expect(await remote.answer('psn-1', { kind: 'alive', incarnation: 1 })).toEqual({ ends: true });
  await remote.answer('psn-1', { kind: 'left', incarnation: 1 });
  await stopped;
  expect(events).toEqual(['gone: asked']);
});

test('one that leaves by itself is gone, with the reason', async () => {
  const { events, remote, join } = deployment();
  await join();
  await remote.answer('psn-1', { kind: 'left', incarnation: 1 });
  await settle();
  expect(events).toEqual(['gone: it left where it runs']);
});

test('one that asks and never joins is given up', async () => {
  const { wall, remote } = deployment();
  await remote.answer('psn-1', { kind: 'join' });
  await wall.pass(30_000);
  await settle();
  expect(await remote.answer('psn-1', { kind: 'alive', incarnation: 1 })).toEqual({ ends: true });
});
