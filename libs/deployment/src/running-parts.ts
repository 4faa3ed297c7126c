import { microsoft365 } from '@isesim/bus';
import type { Coordinator, Wall } from '@isesim/clock';
import { Problem, type BusKey, type DeploymentNode, type Endpoint, type Microsoft365Ready, type NatsLogin, type StandingFaults } from '@isesim/domain';
import type { Progress } from './deployment-options.ts';
import type { DeploymentCredentials } from './keys.ts';
import type { Launcher, RunningPart } from './launcher.ts';

export interface RunningPartsOptions {
  readonly deployment: string;
  readonly nodes: readonly DeploymentNode[];
  readonly nats: { readonly url: string; readonly login?: NatsLogin | undefined };
  readonly credentials: DeploymentCredentials;
  readonly launcher: Launcher;
  readonly folder: string;
  readonly seed: number;
  readonly evidence: 'address' | 'ehlo';
  readonly listen?: string;
  readonly wall: Wall;
  readonly coordinator: Coordinator;
  /** How often each part was started before, in the life of a deployment that goes on. */
  readonly incarnations?: Readonly<Record<string, number>>;
  /** The faults that stand for a node or the double when it starts. */
  readonly faultsAtStart: (agent: string) => StandingFaults;
  /** The streams' last sequences: what an agent that is gone may have written unreported. */
  readonly lastSequences: () => Promise<Record<string, number>>;
  readonly onProgress?: (progress: Progress) => void;
  /** Told when a part has ended that nobody asked to end. */
  readonly onLost: () => void;
}

// A start that is under way when the deployment is stopped ends at once as a process; inline it takes its time.
const startEndsWithinMs = 3_000;
const askAgainMs = 200;

/** The nodes and the double of a deployment that run now: started, paused, ended, and taken in and out of the clock. */
export class RunningParts {
  readonly #options: RunningPartsOptions;
  readonly #parts = new Map<string, RunningPart>();
  readonly #paused = new Set<string>();
  readonly #silent = new Set<string>();
  readonly #gone = new Map<string, 'killed' | 'stopped' | 'ended'>();
  readonly #lanes = new Map<string, Promise<unknown>>();
  readonly #incarnations = new Map<string, number>();
  readonly #ending = new AbortController();
  readonly #starting = new Set<Promise<unknown>>();
  #stopping = false;

  constructor(options: RunningPartsOptions) {
    this.#options = options;
    for (const [name, count] of Object.entries(options.incarnations ?? {})) this.#incarnations.set(name, count);
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  has(name: string): boolean {
    return this.#parts.has(name);
  }

  /** True when time passes without it: paused, or running elsewhere and not heard of. */
  isPaused(name: string): boolean {
    return this.#paused.has(name) || this.#silent.has(name);
  }

  /** Why nothing comes from it; undefined when it runs. */
  absenceOf(name: string): 'killed' | 'stopped' | 'ended' | 'paused' | 'silent' | 'not started' | undefined {
    if (this.#paused.has(name)) return 'paused';
    if (this.#silent.has(name)) return 'silent';
    return this.#parts.has(name) ? undefined : (this.#gone.get(name) ?? 'not started');
  }

  pidOf(name: string): number | null {
    // A process id of another machine means nothing here.
    return this.#parts.get(name)?.pid || null;
  }

  /** Counts the starts of `name`; undefined before the first. */
  incarnation(name: string): number | undefined {
    return this.#incarnations.get(name);
  }

  /** How often each part was started. */
  incarnations(): Record<string, number> {
    return Object.fromEntries(this.#incarnations);
  }

  /** `tenant` has its secrets sealed. */
  startMicrosoft365(tenant: unknown): Promise<Microsoft365Ready> {
    const { coordinator, launcher, credentials, evidence, nodes, listen = '127.0.0.1' } = this.#options;
    return this.#counted(async () => {
      const boot = {
        ...this.#agentBoot(microsoft365, credentials.microsoft365),
        sealingKey: credentials.sealingKey,
        nodes: nodes.map((node) => ({ ...node, personas: [...node.personas] })),
        evidence,
        tenant,
        listen,
        faults: this.#options.faultsAtStart(microsoft365),
      };
      coordinator.admit(this.#agent(microsoft365), { double: true });
      const { part, ready } = await launcher.startMicrosoft365(boot, this.#ending.signal);
      this.#adopt(microsoft365, part);
      return ready;
    });
  }

  /** `proxy`: where any name on the Proxy page leads to. */
  startNode(node: DeploymentNode, hosts: Record<string, Endpoint>, proxy: Endpoint): Promise<void> {
    const { coordinator, launcher, credentials, evidence, onProgress } = this.#options;
    return this.#counted(() => this.#inTurn(node.name, async () => {
      this.#ending.signal.throwIfAborted();
      if (this.#parts.has(node.name)) throw new Problem('refused', 'running', `${node.name} is running already`, `Kill it first, or use "isesim node restart ${node.name}".`);
      const key = credentials.nodes[node.name];
      if (!key) throw new RangeError(`no credentials for ${node.name}`);
      const boot = { ...this.#agentBoot(node.name, key), node: { ...node, personas: [...node.personas] }, sealingKey: credentials.sealingKey, hosts, proxy, faults: this.#options.faultsAtStart(node.name) };
      // Where all nodes share one address, connections from there cannot be told apart and are not counted.
      coordinator.admit(this.#agent(node.name), evidence === 'address' ? { address: node.address } : {});
      onProgress?.({ kind: 'node', node, status: 'InProgress' });
      try {
        this.#adopt(node.name, await launcher.startNode(boot, this.#ending.signal));
      } catch (error) {
        // Time must not wait for a node that never came.
        if (!this.#stopping) await this.#writeOff(node.name);
        throw error;
      }
    }));
  }

  pause(name: string): Promise<void> {
    return this.#inTurn(name, async () => {
      if (this.#paused.has(name)) throw new Problem('refused', 'paused', `${name} is paused already`, 'Let it go on with "isesim heal".');
      this.#running(name).pause();
      this.#paused.add(name);
      this.#options.coordinator.suspend(this.#agent(name), await this.#lastSequences());
    });
  }

  /** Lets those that are paused go on: all of them, or these. */
  async heal(names: readonly string[] = [...this.#lanes.keys()]): Promise<void> {
    const heal = (name: string) => this.#inTurn(name, () => {
      if (!this.#paused.delete(name)) return Promise.resolve();
      this.#options.coordinator.resume(this.#agent(name));
      this.#parts.get(name)?.resume();
      return Promise.resolve();
    });
    await Promise.all(names.map(heal));
  }

  /** Nothing is heard of a node that runs elsewhere: it is left out, as one that is paused. */
  silence(name: string): Promise<void> {
    return this.#inTurn(name, async () => {
      if (!this.#parts.has(name) || this.#stopping) return;
      this.#silent.add(name);
      this.#options.coordinator.suspend(this.#agent(name), await this.#lastSequences());
    });
  }

  /** It is heard of again. */
  hear(name: string): Promise<void> {
    return this.#inTurn(name, () => {
      if (this.#silent.delete(name)) this.#options.coordinator.resume(this.#agent(name));
      return Promise.resolve();
    });
  }

  kill(name: string): Promise<void> {
    return this.#end(name, 'killed', (part) => part.kill());
  }

  /** Ends a part in order. */
  leave(name: string): Promise<void> {
    return this.#end(name, 'stopped', (part) => part.stop());
  }

  /** Nodes first, then the double that they talk to. Nothing that was being started outlives it. */
  async stopAll(): Promise<void> {
    this.#stopping = true;
    this.#ending.abort();
    await this.#startsEnded();
    const nodes = [...this.#parts].filter(([name]) => name !== microsoft365).map(([, part]) => part);
    await Promise.allSettled(nodes.map((part) => part.stop()));
    await this.#parts.get(microsoft365)?.stop();
    this.#parts.clear();
  }

  #end(name: string, end: 'killed' | 'stopped', how: (part: RunningPart) => Promise<void>): Promise<void> {
    return this.#inTurn(name, async () => {
      const part = this.#running(name);
      this.#gone.set(name, end);
      this.#paused.delete(name);
      this.#silent.delete(name);
      this.#parts.delete(name);
      await how(part);
      await this.#writeOff(name);
    });
  }

  /** What is done to one part is done one after the other: two starts of one name would be two processes with one outbox. */
  #inTurn<T>(name: string, run: () => Promise<T>): Promise<T> {
    const turn = (this.#lanes.get(name) ?? Promise.resolve()).then(run);
    this.#lanes.set(name, turn.catch(() => undefined));
    return turn;
  }

  #running(name: string): RunningPart {
    const part = this.#parts.get(name);
    if (part) return part;
    throw new Problem('refused', 'not-running', `${name} is not running`, `Start it with "isesim node start ${name}".`);
  }

  async #counted<T>(start: () => Promise<T>): Promise<T> {
    const started = start();
    this.#starting.add(started);
    try {
      return await started;
    } finally {
      this.#starting.delete(started);
    }
  }

  async #startsEnded(): Promise<void> {
    let cancel: (() => void) | undefined;
    const late = new Promise<void>((resolve) => {
      cancel = this.#options.wall.after(startEndsWithinMs, resolve);
    });
    await Promise.race([Promise.allSettled(this.#starting), late]);
    cancel?.();
  }

  #agentBoot(name: string, key: BusKey) {
    const incarnation = (this.#incarnations.get(name) ?? 0) + 1;
    this.#incarnations.set(name, incarnation);
    const { deployment, nats, seed, folder, coordinator } = this.#options;
    return { deployment, incarnation, nats: { url: nats.url, key, ...(nats.login ? { login: nats.login } : {}) }, seed, time: coordinator.now(), folder: `${folder}/${name}` };
  }

  #adopt(name: string, part: RunningPart): void {
    this.#parts.set(name, part);
    this.#gone.delete(name);
    void part.gone.then(async (reason) => {
      if (this.#stopping || this.#parts.get(name) !== part) return;
      this.#parts.delete(name);
      this.#gone.set(name, 'ended');
      this.#paused.delete(name);
      this.#silent.delete(name);
      this.#options.onProgress?.({ kind: 'lost', name, reason: reason ?? 'it ended' });
      this.#options.onLost();
      await this.#inTurn(name, () => this.#writeOff(name));
    });
  }

  async #writeOff(name: string): Promise<void> {
    const agent = this.#agent(name);
    this.#options.coordinator.strike(agent, await this.#lastSequences());
  }

  /** Asked again until there is an answer: a server that is down comes back, and time must not wait for the dead for ever. */
  async #lastSequences(): Promise<Record<string, number>> {
    for (;;) {
      try {
        return await this.#options.lastSequences();
      } catch (error) {
        if (this.#stopping) throw error;
        await new Promise<void>((resolve) => { this.#options.wall.after(askAgainMs, resolve); });
      }
    }
  }

  /** The present incarnation, as the clock knows it. */
  #agent(name: string): string {
    return `${name}#${this.#incarnations.get(name) ?? 1}`;
  }
}
