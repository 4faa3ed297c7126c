import { answerJoins } from '@isesim/bus';
import type { Coordinator } from '@isesim/clock';
import { Problem, type DeploymentNode, type Microsoft365Ready } from '@isesim/domain';
import type { Absence } from './absences.ts';
import { atMost } from './at-most.ts';
import type { DeploymentOptions } from './deployment-options.ts';
import type { Disturbances } from './disturbances.ts';
import { hostsOf } from './hosts-of.ts';
import { noSuchNode } from './no-such-node.ts';
import { RemoteNodes } from './remote-nodes.ts';
import { RunningParts } from './running-parts.ts';
import type { ServerConnections } from './server-connections.ts';
import type { StatusWatch } from './status-watch.ts';

export interface NodeLivesOptions extends DeploymentOptions {
  readonly deployment: string;
  readonly nodes: readonly DeploymentNode[];
  readonly coordinator: Coordinator;
  readonly connections: ServerConnections;
  /** Both know of the lives, too. */
  readonly disturbances: () => Disturbances;
  readonly status: () => StatusWatch;
}

/** How nodes and double come, halt and go: here as a person has it, elsewhere as whoever runs them has it, or by themselves. */
export class NodeLives {
  readonly #options: NodeLivesOptions;
  readonly #remote: RemoteNodes;
  readonly #parts: RunningParts;
  #microsoft365!: Microsoft365Ready;

  constructor(options: NodeLivesOptions) {
    this.#options = options;
    this.#remote = this.#remoteNodes();
    this.#parts = this.#runningParts();
  }

  get microsoft365(): Microsoft365Ready {
    return this.#microsoft365;
  }

  get stopping(): boolean {
    return this.#parts.stopping;
  }

  /** True for a node, or the double, that runs and is not paused. */
  listens(name: string): boolean {
    return this.#parts.has(name) && !this.#parts.isPaused(name);
  }

  isRemote(name: string): boolean {
    return this.#remote.has(name);
  }

  /** Why nothing comes from it; undefined when it runs. */
  absenceOf(name: string): Absence | undefined {
    return this.#parts.absenceOf(name);
  }

  pidOf(name: string): number | null {
    return this.#parts.pidOf(name);
  }

  /** Counts the starts of `name`; undefined before the first. */
  incarnation(name: string): number | undefined {
    return this.#parts.incarnation(name);
  }

  incarnations(): Record<string, number> {
    return this.#parts.incarnations();
  }

  /** Throws a `Problem` when nobody would answer what `name` is asked. */
  assertAnswers(name: string): void {
    if (!this.#running(name).isPaused(name)) return;
    if (this.isRemote(name)) throw new Problem('refused', 'silent', `nothing is heard of ${name}, which runs elsewhere`, 'Look at it where "isesim node-run" runs.');
    throw new Problem('refused', 'paused', `${name} is paused, so it answers nothing`, 'Let it go on with "isesim heal".');
  }

  async startMicrosoft365(): Promise<Microsoft365Ready> {
    const { seal, topology } = this.#options;
    this.#microsoft365 = await this.#parts.startMicrosoft365(seal(topology.microsoft365));
    return this.#microsoft365;
  }

  /** Starts all nodes that are not started elsewhere, and lets those join that are. */
  async startAll(): Promise<void> {
    const { connections, deployment, startsAtOnce, nodes } = this.#options;
    answerJoins(connections.store.connection, deployment, (name, message) => this.#remote.answer(name, message));
    await atMost(startsAtOnce ?? nodes.length, this.here, (node) => this.#startPart(node));
  }

  /** The nodes that are not started elsewhere. */
  get here(): DeploymentNode[] {
    return this.#options.nodes.filter(({ name }) => !this.isRemote(name));
  }

  /** Resolves when a node that is started elsewhere has joined; at once for another. */
  async joined(name: string): Promise<void> {
    if (this.isRemote(name)) await this.#remote.joined(name);
  }

  async pause(name: string): Promise<void> {
    this.#assertHere(name);
    await this.#options.coordinator.touch();
    await this.#running(name).pause(name);
  }

  /** Lets nodes that are paused go on: these, or all. */
  async resume(names?: readonly string[]): Promise<void> {
    await this.#options.coordinator.touch();
    await this.#parts.heal(names);
  }

  async kill(name: string): Promise<void> {
    this.#assertHere(name);
    await this.#options.coordinator.touch();
    await this.#running(name).kill(name);
    await this.#options.disturbances().tell();
  }

  async restart(name: string): Promise<void> {
    this.#assertHere(name);
    const running = this.#running(name);
    this.#assertJoins(name);
    await this.#options.coordinator.touch();
    await running.leave(name);
    await this.start(name);
  }

  async start(name: string): Promise<void> {
    this.#assertHere(name);
    const node = this.#node(name);
    await this.#startAgain(node);
    await this.#options.status().untilConnected([node]);
  }

  stopAll(): Promise<void> {
    return this.#parts.stopAll();
  }

  async #startAgain(node: DeploymentNode): Promise<void> {
    this.#assertJoins(node.name);
    await this.#options.coordinator.touch();
    await this.#startPart(node);
    // What has changed while it started.
    await this.#options.disturbances().tell();
  }

  #startPart(node: DeploymentNode): Promise<void> {
    return this.#parts.startNode(node, hostsOf(this.#microsoft365, this.#options.topology), this.#microsoft365.proxy);
  }

  #assertHere(name: string): void {
    if (!this.isRemote(name)) return;
    throw new Problem('refused', 'remote', `${name} is started elsewhere`, `Start it with "isesim node-run ${name}", and end or pause it, where it runs.`);
  }

  #assertJoins(name: string): void {
    if (!this.#options.disturbances().hasNoNats(name)) return;
    throw new Problem('refused', 'cut-off', `${name} is cut off from NATS, so it cannot join`, `End the fault with "isesim heal --node ${name} --to nats".`);
  }

  #node(name: string): DeploymentNode {
    const { nodes } = this.#options;
    const node = nodes.find((each) => each.name === name);
    if (node) return node;
    throw noSuchNode(name, nodes.map((each) => each.name));
  }

  /** The running parts, once it is certain that `name` is a node and among them. */
  #running(name: string): RunningParts {
    this.#node(name);
    if (this.#parts.has(name)) return this.#parts;
    throw new Problem('refused', 'not-running', `${name} is not running`, `Start it with "isesim ${this.isRemote(name) ? 'node-run' : 'node start'} ${name}".`);
  }

  #remoteNodes(): RemoteNodes {
    const { remote, wall, status, onProgress } = this.#options;
    return new RemoteNodes({
      names: new Set(remote?.keys()),
      wall,
      start: (name) => this.#startAgain(this.#node(name)),
      writeOff: (name) => this.#parts.leave(name),
      onSilent: (name) => {
        onProgress?.({ kind: 'lost', name, reason: 'nothing is heard of it' });
        void this.#parts.silence(name).then(() => { status().look(); });
      },
      onHeard: (name) => { void this.#parts.hear(name).then(() => { status().look(); }); },
    });
  }

  #runningParts(): RunningParts {
    const { launcher, memory, nodes, connections, disturbances, status } = this.#options;
    return new RunningParts({
      ...this.#options,
      launcher: this.#remote.launcher(launcher),
      ...(memory ? { incarnations: memory.incarnations } : {}),
      faultsAtStart: (name) => disturbances().atStart(name),
      lastSequences: () => connections.store.lastSequences(nodes),
      onLost: () => {
        status().look();
        // Who could not be told now is told with what changes next.
        if (!this.stopping) void disturbances().tell().catch(() => undefined);
      },
    });
  }
}
