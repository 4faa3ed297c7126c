import {
  Bus,
  createStreams,
  lastSequences,
  microsoft365,
  operator,
  requestTimeoutMs,
  type Answers,
  type NodeReport,
  type Takes,
  type Verb,
} from '@isesim/bus';
import { AgentClock, Coordinator, nameOf, type Pace, type Wall } from '@isesim/clock';
import {
  auditMail,
  holdersAt,
  Problem,
  rowOf,
  type Alarm,
  type Audit,
  type DeploymentNode,
  type Duty,
  type DutyChange,
  type Endpoint,
  type Instant,
  type Microsoft365Ready,
  type NodeStatus,
  type Random,
  type SmtpServerSettings,
} from '@isesim/domain';
import type { Topology } from '@isesim/topology';
import { assignAddresses } from './assign-addresses.ts';
import { firstAccounts, firstPages } from './first-configuration.ts';
import type { DeploymentCredentials } from './keys.ts';
import type { Launcher, RunningPart } from './launcher.ts';
import { MailWatch } from './mail-watch.ts';
import { readOutbox, type OutboxEntry } from './read-outbox.ts';

export interface DeploymentOptions {
  readonly topology: Topology;
  readonly nats: { readonly url: string };
  readonly credentials: DeploymentCredentials;
  readonly launcher: Launcher;
  /** Holds a folder per node. */
  readonly folder: string;
  readonly seed: number;
  readonly random: Random;
  readonly evidence: 'address' | 'ehlo';
  readonly wall: Wall;
  /** Turns secrets into what may travel in a boot file. */
  readonly seal: (value: unknown) => unknown;
  /** The address on which the double listens. */
  readonly listen?: string;
  readonly onProgress?: (progress: Progress) => void;
  /** How many nodes are started at a time; processes compete for cores. */
  readonly startsAtOnce?: number;
  /** Ends the boot: what was started is stopped again, and the signal's reason is thrown. */
  readonly signal?: AbortSignal;
}

export type Progress =
  | { readonly kind: 'nats'; readonly url: string }
  | { readonly kind: 'microsoft365'; readonly ready: Microsoft365Ready }
  | { readonly kind: 'node'; readonly node: DeploymentNode; readonly status: NodeStatus }
  | { readonly kind: 'lost'; readonly name: string; readonly reason: string }
  | { readonly kind: 'stalled'; readonly blockers: readonly string[] };

export interface NodeState {
  readonly name: string;
  readonly fqdn: string;
  readonly address: string;
  readonly personas: DeploymentNode['personas'];
  readonly roles: DeploymentNode['roles'];
  readonly duties: readonly Duty[];
  readonly status: NodeStatus;
  readonly settingsRevision: number;
  readonly pid: number | null;
}

// A start that is under way when the deployment is stopped ends at once as a process; inline it takes its time.
const startEndsWithinMs = 3_000;

// Longer than a node waits for another, so that a person hears what the node has to say of it.
const personsPatienceMs = 3 * requestTimeoutMs;

/** Boots a topology and keeps what the nodes must not keep themselves: the clock, the duty history and the record of mail. */
export class Deployment implements AsyncDisposable {
  readonly topology: Topology;
  readonly nodes: readonly DeploymentNode[];
  readonly coordinator: Coordinator;
  readonly #options: DeploymentOptions;
  readonly #clock: AgentClock;
  readonly #parts = new Map<string, RunningPart>();
  readonly #paused = new Set<string>();
  readonly #incarnations = new Map<string, number>();
  readonly #reports = new Map<string, NodeReport>();
  readonly #history: DutyChange[] = [];
  readonly #statusLooks = new Set<() => void>();
  #store!: Bus;
  #operator!: Bus;
  #mails!: MailWatch;
  #ready!: Microsoft365Ready;
  readonly #ending = new AbortController();
  readonly #starting = new Set<Promise<void>>();
  #stopping = false;

  /** Resolves when every node is Connected. Throws a `Problem` and leaves nothing running when one cannot start. */
  static async boot(options: DeploymentOptions): Promise<Deployment> {
    const deployment = new Deployment(options);
    try {
      await unlessAborted(deployment.#boot(), options.signal);
      return deployment;
    } catch (error) {
      await deployment.stop();
      throw error;
    }
  }

  private constructor(options: DeploymentOptions) {
    this.#options = options;
    this.topology = options.topology;
    this.nodes = assignAddresses(options.topology, options.evidence);
    const agent = `${operator}#1`;
    this.coordinator = new Coordinator({
      start: options.topology.startTime,
      wall: options.wall,
      send: (to, grant) => {
        if (to === agent) {
          this.#operator.learn(grant.incarnations ?? {});
          this.#clock.obey(grant);
        } else this.#store.grant(nameOf(to), grant);
      },
      onStall: (blockers) => {
        if (!this.#stopping) options.onProgress?.({ kind: 'stalled', blockers });
      },
    });
    this.#clock = new AgentClock({
      agent,
      start: options.topology.startTime,
      push: (report) => { this.coordinator.received(report); },
      onDefect: (what, error) => { throw new Error(what, { cause: error }); },
    });
  }

  get mails(): MailWatch {
    return this.#mails;
  }

  get microsoft365(): Microsoft365Ready {
    return this.#ready;
  }

  get history(): readonly DutyChange[] {
    return this.#history;
  }

  /** Judges all mail accepted so far. */
  audit(): Audit {
    return auditMail(this.#mails.all(), this.nodes, this.#history);
  }

  /** Asks a node on a person's behalf, at the time of day that it is. */
  async ask<V extends Verb>(node: string, verb: V, value: Takes<V>): Promise<Answers<V>> {
    if (!this.#parts.has(node)) throw this.#notRunning(node);
    if (this.#paused.has(node)) throw new Problem('refused', 'paused', `${node} is paused, so it answers nothing`, 'Let it go on with "isesim heal".');
    await this.coordinator.touch();
    this.#clock.heard(this.coordinator.now());
    return this.#clock.start(verb, () => this.#operator.ask(node, verb, value));
  }

  /** Every alarm that was raised, oldest first. */
  alarms(): Promise<Alarm[]> {
    return this.#clock.start('alarms', async () => {
      const alarms: Alarm[] = [];
      for await (const { value } of this.#store.readAll(this.#store.streams.alarms)) alarms.push(value);
      return alarms;
    });
  }

  /** What every node owes by mail, and how what is done has ended. */
  outbox(): Promise<OutboxEntry[]> {
    return this.#clock.start('outbox', () => readOutbox(this.#store, this.nodes));
  }

  /** Edits the draft of the SMTP Server page on the primary PAN. Secrets travel sealed. */
  setSmtp({ authentication, ...fields }: Partial<SmtpServerSettings>): Promise<Answers<'smtp-set'>> {
    return this.ask(this.holderOf('primary PAN'), 'smtp-set', { ...fields, ...(authentication && { authentication: this.#options.seal(authentication) }) });
  }

  now(): Instant {
    return this.coordinator.shownTime();
  }

  pace(pace: Pace): void {
    this.coordinator.pace(pace);
  }

  /** Resolves when all that follows from what was done so far has been done. */
  quiet(): Promise<void> {
    return this.coordinator.quiet();
  }

  advance(to: Instant): Promise<void> {
    return this.coordinator.advance(to);
  }

  states(): NodeState[] {
    const holders = holdersAt(this.#history, this.now());
    return this.nodes.map((node) => {
      const report = this.#reports.get(node.name);
      const part = this.#parts.get(node.name);
      return {
        ...node,
        duties: (['primary PAN', 'active MnT'] as const).filter((duty) => holders[duty] === node.name),
        status: part && !this.#paused.has(node.name) ? (report?.status ?? 'InProgress') : 'Disconnected',
        settingsRevision: report?.settingsRevision ?? 0,
        pid: part?.pid ?? null,
      };
    });
  }

  /** The node that a duty's mail must come from now. */
  holderOf(duty: Duty): string {
    const name = holdersAt(this.#history, this.now())[duty];
    if (name === undefined) throw new Problem('refused', 'no-holder', `no node is ${duty}`, 'Look at "isesim status".');
    return name;
  }

  /** Stops a node where it is: nothing leaves it and time passes without it, until `heal`. */
  async pause(node: string): Promise<void> {
    const part = this.#parts.get(node);
    if (!part) throw this.#notRunning(node);
    if (this.#paused.has(node)) throw new Problem('refused', 'paused', `${node} is paused already`, 'Let it go on with "isesim heal".');
    part.pause();
    this.#paused.add(node);
    this.coordinator.suspend(this.#incarnationOf(node), await this.#lastSequences());
  }

  /** Ends every pause. */
  heal(): void {
    for (const node of this.#paused) {
      this.coordinator.resume(this.#incarnationOf(node));
      this.#parts.get(node)?.resume();
    }
    this.#paused.clear();
  }

  /** Ends a node at once, as a power cut does. */
  async kill(node: string): Promise<void> {
    const part = this.#parts.get(node);
    if (!part) throw this.#notRunning(node);
    this.#paused.delete(node);
    this.#parts.delete(node);
    await part.kill();
    await this.#writeOff(node);
  }

  /** Stops a node in order and starts it again. */
  async restart(node: string): Promise<void> {
    const part = this.#parts.get(node);
    if (!part) throw this.#notRunning(node);
    this.#parts.delete(node);
    await part.stop();
    await this.#writeOff(node);
    await this.start(node);
  }

  /** Starts a node that was killed or stopped: it joins anew and sends what it owes. */
  async start(name: string): Promise<void> {
    const node = this.#node(name);
    if (this.#parts.has(name)) throw new Problem('refused', 'running', `${name} is running already`, `Kill it first, or use "isesim node restart ${name}".`);
    await this.#startNode(node);
    await this.#untilConnected([node]);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.coordinator.stop();
    this.#ending.abort();
    await this.#startsEnded();
    const nodes = [...this.#parts].filter(([name]) => name !== microsoft365).map(([, part]) => part);
    await Promise.allSettled(nodes.map((part) => part.stop()));
    await this.#parts.get(microsoft365)?.stop();
    this.#parts.clear();
    this.#clock.revoke();
    await Promise.allSettled([(this.#operator as Bus | undefined)?.close(), (this.#store as Bus | undefined)?.close()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #boot(): Promise<void> {
    const { credentials, nats, topology } = this.#options;
    const connection = { url: nats.url, deployment: topology.name, clock: this.#clock };
    [this.#store, this.#operator] = await Promise.all([
      Bus.connect({ ...connection, key: credentials.store, name: 'store', incarnation: 'store#1' }),
      Bus.connect({ ...connection, key: credentials.operator, name: operator, incarnation: `${operator}#1`, patienceMs: personsPatienceMs }),
    ]);
    await createStreams(this.#store.connection, topology.name, this.nodes);
    this.#options.onProgress?.({ kind: 'nats', url: nats.url });
    this.#store.onReport((report) => { this.coordinator.received(report); });
    this.coordinator.admit(`${operator}#1`);
    this.#clock.hello();
    await this.#clock.start('boot', async () => {
      this.#mails = await MailWatch.open(this.#store);
      await this.#store.follow(this.#store.streams.status, ({ value }) => { this.#reported(value); });
      await this.#recordDuties();
    });
    await this.#counted(this.#startMicrosoft365());
    await atMost(this.#options.startsAtOnce ?? this.nodes.length, this.nodes, (node) => this.#startNode(node));
    await this.#install();
    await this.#untilConnected(this.nodes);
  }

  async #recordDuties(): Promise<void> {
    const named = (persona: 'pan' | 'mnt') => this.nodes.find(({ roles }) => roles[persona] === 'primary')?.name;
    const [pan, mnt] = [named('pan'), named('mnt')];
    const change: DutyChange = {
      since: this.topology.startTime,
      holders: { ...(pan === undefined ? {} : { 'primary PAN': pan }), ...(mnt === undefined ? {} : { 'active MnT': mnt }) },
    };
    this.#history.push(change);
    await this.#store.writeOnce(this.#store.streams.history, this.#store.subjects.duty(this.#history.length), change);
  }

  async #startMicrosoft365(): Promise<void> {
    const { credentials, launcher, topology, evidence, seal } = this.#options;
    this.coordinator.admit(`${microsoft365}#1`, { double: true });
    const { part, ready } = await launcher.startMicrosoft365({
      ...this.#agentBoot(microsoft365, credentials.microsoft365),
      sealingKey: credentials.sealingKey,
      nodes: this.nodes.map((node) => ({ ...node, personas: [...node.personas] })),
      evidence,
      tenant: seal(topology.microsoft365),
      listen: this.#options.listen ?? '127.0.0.1',
    }, this.#ending.signal);
    this.#adopt(microsoft365, part);
    this.#ready = ready;
    this.#options.onProgress?.({ kind: 'microsoft365', ready });
  }

  #startNode(node: DeploymentNode): Promise<void> {
    return this.#counted(this.#launchNode(node));
  }

  async #launchNode(node: DeploymentNode): Promise<void> {
    this.#ending.signal.throwIfAborted();
    const { credentials, launcher } = this.#options;
    const key = credentials.nodes[node.name];
    if (!key) throw new RangeError(`no credentials for ${node.name}`);
    const boot = {
      ...this.#agentBoot(node.name, key),
      node: { ...node, personas: [...node.personas] },
      sealingKey: credentials.sealingKey,
      hosts: hostsOf(this.#ready),
    };
    this.coordinator.admit(`${node.name}#${boot.incarnation}`, { address: node.address });
    this.#options.onProgress?.({ kind: 'node', node, status: 'InProgress' });
    try {
      this.#adopt(node.name, await launcher.startNode(boot, this.#ending.signal));
    } catch (error) {
      // Time must not wait for a node that never came.
      if (!this.#stopping) await this.#writeOff(node.name).catch(() => undefined);
      throw error;
    }
  }

  /** Whoever stops the deployment waits for the starts under way, so that none outlives it. */
  async #counted(start: Promise<void>): Promise<void> {
    this.#starting.add(start);
    try {
      await start;
    } finally {
      this.#starting.delete(start);
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

  #agentBoot(name: string, key: DeploymentCredentials['store']) {
    const incarnation = (this.#incarnations.get(name) ?? 0) + 1;
    this.#incarnations.set(name, incarnation);
    const { nats, seed, folder, topology } = this.#options;
    return { deployment: topology.name, incarnation, nats: { url: nats.url, key }, seed, time: this.coordinator.now(), folder: `${folder}/${name}` };
  }

  #adopt(name: string, part: RunningPart): void {
    this.#parts.set(name, part);
    void part.gone.then(async (reason) => {
      if (this.#stopping || this.#parts.get(name) !== part) return;
      this.#parts.delete(name);
      this.#options.onProgress?.({ kind: 'lost', name, reason: reason ?? 'it ended' });
      for (const look of this.#statusLooks) look();
      await this.#writeOff(name);
    });
  }

  async #writeOff(name: string): Promise<void> {
    this.coordinator.strike(this.#incarnationOf(name), await this.#lastSequences());
  }

  async #install(): Promise<void> {
    const { seal, random, topology } = this.#options;
    const pages = Object.entries(firstPages(topology, this.nodes, this.#ready.roots)).map(([page, value]) => ({ page, value: seal(value) }));
    const { persona } = rowOf('guest-expiry');
    const primary = this.nodes.find(({ roles }) => roles[persona as 'pan'] === 'primary');
    if (!primary) throw new RangeError('no primary PAN');
    await this.ask(primary.name, 'install', { pages: pages as Takes<'install'>['pages'], accounts: firstAccounts(topology, random) });
  }

  #reported(report: NodeReport): void {
    const known = this.#reports.get(report.node);
    this.#reports.set(report.node, report);
    const node = this.nodes.find(({ name }) => name === report.node);
    if (node && known?.status !== report.status) this.#options.onProgress?.({ kind: 'node', node, status: report.status });
    for (const look of this.#statusLooks) look();
  }

  #untilConnected(nodes: readonly DeploymentNode[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const states = this.states().filter(({ name }) => nodes.some((node) => node.name === name));
        const gone = states.find(({ status }) => status === 'Disconnected');
        if (gone) reject(new Problem('could not run', 'node-lost', `${gone.name} ended while the deployment was starting`, `Look at its log: isesim logs ${gone.name}`));
        else if (states.some((state) => state.status !== 'Connected' || this.#isStale(state.name))) return;
        else resolve();
        this.#statusLooks.delete(look);
      };
      this.#statusLooks.add(look);
      look();
    });
  }

  #lastSequences(): Promise<Record<string, number>> {
    return lastSequences(this.#store.connection, this.topology.name, this.nodes);
  }

  #incarnationOf(name: string): string {
    return `${name}#${this.#incarnations.get(name) ?? 1}`;
  }

  /** A report of an earlier incarnation says nothing of the present one. */
  #isStale(name: string): boolean {
    return this.#reports.get(name)?.incarnation !== this.#incarnations.get(name);
  }

  #node(name: string): DeploymentNode {
    const node = this.nodes.find((each) => each.name === name);
    if (node) return node;
    throw new Problem('wrong input', 'node', `there is no node "${name}"`, `Use one of ${this.nodes.map((each) => each.name).join(', ')}.`);
  }

  #notRunning(name: string): Problem {
    this.#node(name);
    return new Problem('refused', 'not-running', `${name} is not running`, `Start it with "isesim node start ${name}".`);
  }
}

/** The names that ISE uses, and where the double answers for them. */
export function hostsOf({ login, smtp }: Microsoft365Ready): Record<string, Endpoint> {
  return { 'login.microsoftonline.com:443': login, 'smtp.office365.com:587': smtp };
}

function unlessAborted<T>(run: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return run;
  return new Promise((resolve, reject) => {
    const abort = () => { reject(signal.reason as Error); };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    void run.then(resolve, reject).finally(() => { signal.removeEventListener('abort', abort); });
  });
}

async function atMost<T>(count: number, all: readonly T[], run: (each: T) => Promise<void>): Promise<void> {
  const waiting = [...all];
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await run(next);
  };
  await Promise.all(Array.from({ length: Math.min(count, all.length) }, lane));
}
