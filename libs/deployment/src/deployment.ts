import { microsoft365, type Answers, type NodeReport, type Takes, type Verb } from '@isesim/bus';
import type { Coordinator, Pace } from '@isesim/clock';
import { auditMail, minuteMs, type Alarm, type Audit, type DeploymentNode, type Duty, type DutyChange, type Fault, type Instant, type Microsoft365Ready } from '@isesim/domain';
import { hostsUsed, type Topology } from '@isesim/topology';
import { assignAddresses } from './assign-addresses.ts';
import { DeploymentClock } from './deployment-clock.ts';
import type { DeploymentOptions } from './deployment-options.ts';
import { Disturbances } from './disturbances.ts';
import { DutyHistory } from './duty-history.ts';
import type { Disturbance, Healed } from './faults.ts';
import { install } from './install.ts';
import { MailWatch } from './mail-watch.ts';
import type { Memory } from './memory.ts';
import { NodeLives } from './node-lives.ts';
import { readOutbox, type OutboxEntry } from './read-outbox.ts';
import { ServerConnections } from './server-connections.ts';
import { SettingsPages } from './settings-pages.ts';
import { StatusWatch, type NodeState } from './status-watch.ts';
import { unlessAborted } from './unless-aborted.ts';

/** How often a node has tried a mail that it owes since it was started, and how the last try ended. */
export type AttemptsAt = Answers<'show-attempts'>['attempts'][number] & { readonly node: string };

/** Boots a topology and keeps what the nodes must not keep themselves: the clock, the duty history and the record of mail. */
export class Deployment implements AsyncDisposable {
  /** On the bus. */
  readonly name: string;
  readonly topology: Topology;
  readonly nodes: readonly DeploymentNode[];
  readonly coordinator: Coordinator;
  readonly settings: SettingsPages;
  readonly #options: DeploymentOptions;
  readonly #connections: ServerConnections;
  readonly #clock: DeploymentClock;
  readonly #lives: NodeLives;
  readonly #disturbances: Disturbances;
  readonly #status: StatusWatch;
  readonly #history = new DutyHistory();
  #mails!: MailWatch;

  /** Resolves when every node is Connected. Throws a `Problem` and leaves nothing running when one cannot start. */
  static async boot(options: DeploymentOptions): Promise<Deployment> {
    const deployment = new Deployment(options);
    try {
      await unlessAborted(deployment.#boot(), options.signal);
      return deployment;
    } catch (error) {
      // What kept it from booting is what counts.
      await deployment.stop({ keep: options.memory !== undefined }).catch(() => undefined);
      throw error;
    }
  }

  private constructor(options: DeploymentOptions) {
    const { topology, memory } = options;
    this.#options = options;
    this.topology = topology;
    this.name = options.name ?? topology.name;
    this.nodes = nodesOf(options);
    const named = { ...options, deployment: this.name, nodes: this.nodes };
    this.#connections = new ServerConnections(named);
    this.#clock = new DeploymentClock({
      ...named,
      start: memory?.time ?? topology.startTime,
      connections: this.#connections,
      isRemote: (name) => this.#lives.isRemote(name),
      onStall: (blockers) => { if (!this.#lives.stopping) options.onProgress?.({ kind: 'stalled', blockers }); },
    });
    this.coordinator = this.#clock.coordinator;
    this.#lives = new NodeLives({
      ...named,
      coordinator: this.coordinator,
      connections: this.#connections,
      disturbances: () => this.#disturbances,
      status: () => this.#status,
    });
    this.#disturbances = new Disturbances({
      nodes: this.nodes,
      hosts: hostsUsed(topology),
      atFirst: memory?.standing ?? { faults: topology.faults, isolated: [] },
      lives: this.#lives,
      primaryPan: () => this.holderOf('primary PAN'),
      ask: (name, standing) => this.#request(name, 'set-faults', standing),
      onChange: () => { this.#status.look(); },
    });
    this.#status = new StatusWatch({
      nodes: this.nodes,
      incarnationsBefore: memory?.incarnations ?? {},
      lives: this.#lives,
      disturbances: this.#disturbances,
      holders: () => this.#history.at(this.now()),
      onStatus: (node, status) => options.onProgress?.({ kind: 'node', node, status }),
    });
    this.settings = new SettingsPages({
      primaryPan: () => this.holderOf('primary PAN'),
      ask: (node, verb, value, patienceMs) => this.ask(node, verb, value, patienceMs),
      seal: options.seal,
      roots: () => this.microsoft365.roots,
      learnHost: (host) => { this.#disturbances.learnHost(host); },
    });
  }

  get mails(): MailWatch {
    return this.#mails;
  }

  get microsoft365(): Microsoft365Ready {
    return this.#lives.microsoft365;
  }

  get history(): readonly DutyChange[] {
    return this.#history.changes;
  }

  /** Judges all mail accepted so far. */
  audit(): Audit {
    return auditMail(this.#mails.all(), this.nodes, this.history);
  }

  /** Asks a node on a person's behalf, at the time of day that it is. */
  async ask<V extends Verb>(node: string, verb: V, value: Takes<V>, patienceMs?: number): Promise<Answers<V>> {
    this.#lives.assertAnswers(node);
    return this.#request(node, verb, value, patienceMs);
  }

  /** Runs PowerShell at the double, at the time of day that it is. */
  m365(command: Takes<'m365'>): Promise<Answers<'m365'>> {
    return this.#request(microsoft365, 'm365', command);
  }

  /** Every alarm that was raised, oldest first. */
  alarms(): Promise<Alarm[]> {
    return this.#clock.agent.start('alarms', async () => {
      const { store } = this.#connections;
      const alarms = new Map<string, Alarm>();
      // A fact that the former holder of a duty and the present one both told is one alarm, the first.
      for await (const { value } of store.readAll(store.streams.alarms)) if (!alarms.has(value.id)) alarms.set(value.id, value);
      return [...alarms.values()];
    });
  }

  /** What every node owes by mail, and how what is done has ended. */
  outbox(): Promise<OutboxEntry[]> {
    return this.#clock.agent.start('outbox', () => readOutbox(this.#connections.store, this.nodes));
  }

  /** The attempts at what `nodes` owe, as they remember them: nobody knows those of a node that does not run. */
  async attempts(nodes: readonly string[]): Promise<AttemptsAt[]> {
    const running = nodes.filter((name) => this.#lives.absenceOf(name) === undefined);
    const answers = await Promise.all(running.map(async (node) => ({ node, ...(await this.#request(node, 'show-attempts', {})) })));
    return answers.flatMap(({ node, attempts }) => attempts.map((attempt) => ({ node, ...attempt })));
  }

  now(): Instant {
    return this.coordinator.shownTime();
  }

  pace(pace: Pace): void {
    this.coordinator.pace(pace);
  }

  /** Resolves when all that follows from what was done so far has been done. */
  quiet(): Promise<void> {
    return this.#clock.quiet();
  }

  /** When something is due next, once all that was done so far has had its effect; undefined when nothing is. */
  async nextDue(): Promise<Instant | undefined> {
    await this.quiet();
    return this.coordinator.nextDue();
  }

  advance(to: Instant): Promise<void> {
    return this.#clock.advance(to);
  }

  states(): NodeState[] {
    return this.#status.states();
  }

  /** Whether the SMTP Server page is filled in. */
  smtpServer(): NonNullable<NodeReport['smtpServer']> {
    return this.#status.smtpServer();
  }

  /** The node that a duty's mail must come from now. */
  holderOf(duty: Duty): string {
    return this.#history.holderOf(duty, this.now());
  }

  /** Stops a node where it is: nothing leaves it and time passes without it, until `heal`. */
  pause(node: string): Promise<void> {
    return this.#lives.pause(node);
  }

  /** Makes a secondary PAN the primary one. Resolves when the deployment judges by it. */
  async promote(node: string): Promise<void> {
    // It answers when it has taken the duty up, which takes its time where the way to the others is slow.
    const { epoch } = await this.ask(node, 'promote', {}, promotionPatienceMs);
    await this.#history.reached(epoch);
  }

  /** Lets a fault begin: at once on new connections, and those that are open on its way are broken. Stands until `heal`. */
  addFault(fault: Fault): Promise<void> {
    return this.#disturbances.add(fault);
  }

  /** All faults that stand, and the nodes that are isolated. */
  faults(): Disturbance[] {
    return this.#disturbances.list();
  }

  /** Cuts a node off from all others, and so from configuration and duties; not from its own outbox, nor from Microsoft 365. */
  isolate(node: string): Promise<void> {
    return this.#disturbances.isolate(node);
  }

  /** Ends faults, isolation and pauses: all, or those of one node, or faults on the way to one host. Starts no node. */
  heal(healed: Healed = {}): Promise<void> {
    return this.#disturbances.heal(healed);
  }

  /** Ends a node at once, as a power cut does. */
  kill(node: string): Promise<void> {
    return this.#lives.kill(node);
  }

  /** Stops a node in order and starts it again. */
  restart(node: string): Promise<void> {
    return this.#lives.restart(node);
  }

  /** Starts a node that was killed or stopped: it joins anew and sends what it owes. */
  start(node: string): Promise<void> {
    return this.#lives.start(node);
  }

  /** What it must be told to go on from here after `stop({ keep: true })`. */
  memory(): Memory {
    return { time: this.now(), incarnations: this.#lives.incarnations(), standing: this.#disturbances.standing() };
  }

  /** `keep`: on a server that lives on its streams stay, so that it can go on later. */
  async stop({ keep = false }: { readonly keep?: boolean } = {}): Promise<void> {
    this.coordinator.stop();
    await this.#lives.stopAll();
    this.#clock.agent.revoke();
    await this.#connections.close(keep);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #boot(): Promise<void> {
    const { nats, memory, onProgress } = this.#options;
    await this.#connections.open(this.#clock.agent);
    onProgress?.({ kind: 'nats', url: nats.url });
    this.#clock.begin();
    await this.#clock.agent.start('boot', () => this.#follow());
    const ready = await this.#lives.startMicrosoft365();
    onProgress?.({ kind: 'microsoft365', ready });
    await this.#lives.startAll();
    await this.coordinator.putInOrder();
    if (!memory) await this.#install();
    await this.#status.untilConnected(this.#lives.here);
    await this.#disturbances.begin();
  }

  /** Follows what the record, the status and the duties are known by. */
  async #follow(): Promise<void> {
    const { store } = this.#connections;
    this.#mails = await MailWatch.open(store);
    await store.follow(store.streams.status, ({ subject, value }) => { if (subject === store.subjects.report(value.node)) this.#status.reported(value); });
    await this.#history.open(store, this.nodes, this.topology.startTime);
  }

  async #install(): Promise<void> {
    const primaryPan = this.holderOf('primary PAN');
    // One that is started elsewhere is waited for: without it there is no configuration.
    await this.#lives.joined(primaryPan);
    await install({ ...this.#options, nodes: this.nodes, roots: this.microsoft365.roots, ask: (verb, value) => this.ask(primaryPan, verb, value) });
  }

  #request<V extends Verb>(agent: string, verb: V, value: Takes<V>, patienceMs?: number): Promise<Answers<V>> {
    return this.#clock.onDemand(verb, () => this.#connections.operator.ask(agent, verb, value, patienceMs));
  }
}

const promotionPatienceMs = 10 * minuteMs;

/** Each with the address from which it connects. */
function nodesOf({ topology, evidence, remote }: DeploymentOptions): DeploymentNode[] {
  return assignAddresses(topology, evidence).map((node) => ({ ...node, address: remote?.get(node.name) ?? node.address }));
}
