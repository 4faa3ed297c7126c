import { streamsOf, subjectsOf, type Bus, type ConfigurationWrite, type StoredMessage } from '@isesim/bus';
import type { DeploymentNode, DutyChange } from '@isesim/domain';
import { describe, expect, it } from 'vitest';
import { DutyHistory } from './duty-history.ts';

const node = (name: string, roles: DeploymentNode['roles']): DeploymentNode => ({ name, fqdn: `${name}.ise.example`, address: '127.0.0.2', personas: ['pan', 'mnt'], roles });
const nodes = [node('ise-1', { pan: 'primary', mnt: 'secondary' }), node('ise-2', { pan: 'secondary', mnt: 'primary' })];

/** What of the store the history needs, in memory. */
class MemoryStore {
  readonly streams = streamsOf('d');
  readonly subjects = subjectsOf('d');
  readonly kept: DutyChange[] = [];
  readonly #config: StoredMessage<ConfigurationWrite>[] = [];
  #take: ((message: StoredMessage<ConfigurationWrite>) => Promise<void>) | undefined;

  /** A promotion as its writer wrote it, by default one that counts. */
  async promoted(writer: string, time: number, { epoch = this.#config.length + 1, primary = writer, fencedBehind = this.#config.length }: { epoch?: number; primary?: string; fencedBehind?: number } = {}): Promise<void> {
    const message = { subject: this.subjects.config(writer, 'epoch'), sequence: this.#config.length + 1, time, fencedBehind, value: { kind: 'epoch' as const, epoch, primary } };
    this.#config.push(message);
    await this.#take?.(message);
  }

  async *readAll({ name }: { name: string }) {
    await Promise.resolve();
    if (name === this.streams.history.name) for (const value of [...this.kept]) yield { value };
    else yield* [...this.#config];
  }

  writeOnce(_stream: unknown, _subject: string, change: DutyChange): Promise<number> {
    return Promise.resolve(this.kept.push(change));
  }

  follow(_stream: unknown, take: (message: StoredMessage<ConfigurationWrite>) => Promise<void>, { from = 1 }: { from?: number }) {
    this.#take = (message) => (message.sequence >= from ? take(message) : Promise.resolve());
    return Promise.resolve({ catchUp: () => Promise.resolve() });
  }
}

async function open(store = new MemoryStore()) {
  const history = new DutyHistory();
  await history.open(store as unknown as Bus, nodes, 1_000);
  return { store, history };
}

describe('the duty history', () => {
  it('begins with the roles of the topology, which the installation only confirms', async () => {
    const { store, history } = await open();
    await store.promoted('ise-1', 1_000);

    expect(history.changes).toEqual([{ since: 1_000, holders: { 'primary PAN': 'ise-1', 'active MnT': 'ise-2' } }]);
    expect(store.kept).toEqual(history.changes);
  });

  it('knows who was the primary PAN when, and whoever waits for a promotion is told', async () => {
    const { store, history } = await open();
    await store.promoted('ise-1', 1_000);
    let known = false;
    const waiting = history.reached(2).then(() => { known = true; });
    await Promise.resolve();
    expect(known).toBe(false);

    await store.promoted('ise-2', 5_000);
    await waiting;
    expect([history.holderOf('primary PAN', 4_999), history.holderOf('primary PAN', 5_000), history.holderOf('active MnT', 5_000)]).toEqual(['ise-1', 'ise-2', 'ise-2']);
    expect(store.kept).toHaveLength(2);
  });

  it.each([
    { what: 'without the fence', write: { fencedBehind: 0 } },
    { what: 'of somebody else', write: { primary: 'ise-1' } },
    { what: 'to an epoch that is not the next', write: { epoch: 7 } },
  ])('takes no notice of a promotion $what', async ({ write }) => {
    const { store, history } = await open();
    await store.promoted('ise-1', 1_000);
    await store.promoted('ise-2', 5_000, write);

    expect(history.holderOf('primary PAN', 5_000)).toBe('ise-1');
  });

  it('goes on where it was kept, and tells no change twice', async () => {
    const { store } = await open();
    await store.promoted('ise-1', 1_000);
    await store.promoted('ise-2', 5_000);
    const { history } = await open(store);
    expect(history.changes).toHaveLength(2);

    await store.promoted('ise-1', 9_000);
    expect(history.changes.map(({ since, holders }) => [since, holders['primary PAN']])).toEqual([[1_000, 'ise-1'], [5_000, 'ise-2'], [9_000, 'ise-1']]);
    await history.reached(3);
  });

  it('learns at its start of a promotion that was written and not kept', async () => {
    const { store } = await open();
    await store.promoted('ise-1', 1_500);
    await store.promoted('ise-2', 5_000);
    store.kept.length = 1;
    const { history } = await open(store);

    expect(history.changes.map(({ since, holders }) => [since, holders['primary PAN']])).toEqual([[1_000, 'ise-1'], [5_000, 'ise-2']]);
    expect(store.kept).toEqual(history.changes);
  });

  it('holds nobody up who waits when it cannot be kept', async () => {
    const { store, history } = await open();
    await store.promoted('ise-1', 1_000);
    store.writeOnce = () => Promise.reject(new Error('the server is away'));
    const waiting = history.reached(2);
    await expect(store.promoted('ise-2', 5_000)).rejects.toThrow('the server is away');

    await waiting;
    expect(history.holderOf('primary PAN', 5_000)).toBe('ise-2');
  });
});
