import {
  answerJoins,
  answerPresence,
  Bus,
  createStreams,
  lastSequences,
  markKept,
  microsoft365,
  operator,
  removeStreams,
  unmarkKept,
  type Answers,
  type NodeReport,
  type Takes,
  type Verb,
} from '@isesim/bus';
import { AgentClock, Coordinator, type Pace } from '@isesim/clock';
import {
  auditMail,
  formatInstant,
  latestInstant,
  nameOf,
  Problem,
  type Alarm,
  type Audit,
  type DeploymentNode,
  type Duty,
  type DutyChange,
  type Endpoint,
  type Fault,
  type Instant,
  type Microsoft365Ready,
} from '@isesim/domain';
import { hostsUsed, type Topology } from '@isesim/topology';
import { assignAddresses } from './assign-addresses.ts';
import { atMost } from './at-most.ts';
import type { DeploymentOptions } from './deployment-options.ts';
import { DutyHistory } from './duty-history.ts';
import { Disturbances } from './disturbances.ts';
import type { Disturbance, Healed } from './faults.ts';
import { firstAccounts, firstPages } from './first-configuration.ts';
import { MailWatch } from './mail-watch.ts';
import type { Memory } from './memory.ts';
import { noSuchNode } from './no-such-node.ts';
import { readOutbox, type OutboxEntry } from './read-outbox.ts';
import { RemoteNodes } from './remote-nodes.ts';
import { RunningParts } from './running-parts.ts';
import { personsPatienceMs, SettingsPages } from './settings-pages.ts';
import { StatusWatch, type NodeState } from './status-watch.ts';
import { unlessAborted } from './unless-aborted.ts';

/** How often a node has tried a mail that it owes since it was started, and how the last try ended. */
export type AttemptsAt = Answers<'show-attempts'>['attempts'][number] & { readonly node: string };

// One message carries far more of them; a server holds so many writes well.
const accountsAtOnce = 500;

/** Boots a topology and keeps what the nodes must not keep themselves: the clock, the duty history and the record of mail. */
export class Deployment implements AsyncDisposable {
  /** On the bus. */
  readonly name: string;
  readonly topology: Topology;
  readonly nodes: readonly DeploymentNode[];
  readonly coordinator: Coordinator;
  readonly settings: SettingsPages;
  readonly #options: DeploymentOptions;
  readonly #clock: AgentClock;
  readonly #parts: RunningParts;
  readonly #remote: RemoteNodes;
  readonly #disturbances: Disturbances;
  readonly #status: StatusWatch;
  readonly #history = new DutyHistory();
  #store!: Bus;
  #operator!: Bus;
  #mails!: MailWatch;
  #ready!: Microsoft365Ready;

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
    const { onDefect } = options;
    this.#options = options;
    this.topology = options.topology;
    this.name = options.name ?? options.topology.name;
    const remote = options.remote ?? new Map<string, string | undefined>();
    this.nodes = assignAddresses(options.topology, options.evidence).map((node) => ({ ...node, address: remote.get(node.name) ?? node.address }));
    const agent = `${operator}#1`;
    const { clockLink } = options.launcher;
    const start = options.memory?.time ?? options.topology.startTime;
    this.coordinator = new Coordinator({
      start,
      wall: options.wall,
      order: options.order ?? (clockLink ? 'fixed' : 'as it comes'),
      names: [microsoft365, ...this.nodes.map(({ name }) => name)],
      send: (to, grant) => {
        if (to === agent) {
          this.#operator.learn(grant.incarnations ?? {});
          this.#clock.obey(grant);
        } else (clockLink && !remote.has(nameOf(to)) ? clockLink : this.#store).grant(nameOf(to), grant);
      },
      onStall: (blockers) => {
        if (!this.#parts.stopping) options.onProgress?.({ kind: 'stalled', blockers });
      },
    });
    clockLink?.onReport((report) => { this.coordinator.received(report); });
    this.#clock = new AgentClock({
      agent,
      start,
      push: (report) => { this.coordinator.received(report); },
      onDefect,
    });
    this.#disturbances = new Disturbances({
      nodes: this.nodes,
      hosts: hostsUsed(options.topology),
      atFirst: options.memory?.standing ?? { faults: options.topology.faults, isolated: [] },
      absenceOf: (name) => this.#parts.absenceOf(name),
      isRemote: (name) => this.#remote.has(name),
      primaryPan: () => this.holderOf('primary PAN'),
      listens: (name) => this.#parts.has(name) && !this.#parts.isPaused(name),
      ask: (name, standing) => this.#request(name, 'set-faults', standing),
      resume: async (nodes) => {
        await this.coordinator.touch();
        await this.#parts.heal(nodes);
      },
      onChange: () => { this.#status.look(); },
    });
    this.#remote = new RemoteNodes({
      names: new Set(remote.keys()),
      wall: options.wall,
      start: (name) => this.#startPart(this.#node(name)),
      writeOff: (name) => this.#parts.leave(name),
      onSilent: (name) => {
        options.onProgress?.({ kind: 'lost', name, reason: 'nothing is heard of it' });
        void this.#parts.silence(name).then(() => { this.#status.look(); });
      },
      onHeard: (name) => { void this.#parts.hear(name).then(() => { this.#status.look(); }); },
    });
    this.#status = new StatusWatch({
      nodes: this.nodes,
      incarnationsBefore: options.memory?.incarnations ?? {},
      incarnation: (name) => this.#parts.incarnation(name),
      absenceOf: (name) => this.#disturbances.absenceOf(name),
      isCutOff: (name) => this.#disturbances.isCutOff(name),
      pidOf: (name) => this.#parts.pidOf(name),
      holders: () => this.#history.at(this.now()),
      onStatus: (node, status) => options.onProgress?.({ kind: 'node', node, status }),
    });
    this.settings = new SettingsPages({
      primaryPan: () => this.holderOf('primary PAN'),
      ask: (node, verb, value, patienceMs) => this.ask(node, verb, value, patienceMs),
      seal: options.seal,
      roots: () => this.#ready.roots,
      learnHost: (host) => { this.#disturbances.learnHost(host); },
    });
    this.#parts = new RunningParts({
      ...options,
      launcher: this.#remote.launcher(options.launcher),
      deployment: this.name,
      nodes: this.nodes,
      ...(options.memory ? { incarnations: options.memory.incarnations } : {}),
      faultsAtStart: (node) => this.#disturbances.atStart(node),
      coordinator: this.coordinator,
      lastSequences: () => lastSequences(this.#store.connection, this.name, this.nodes),
      onLost: () => {
        this.#status.look();
        // Who could not be told now is told with what changes next.
        if (!this.#parts.stopping) void this.#disturbances.tell().catch(() => undefined);
      },
    });
  }

  get mails(): MailWatch {
    return this.#mails;
  }

  get microsoft365(): Microsoft365Ready {
    return this.#ready;
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
    if (this.#running(node).isPaused(node) && this.#remote.has(node)) throw new Problem('refused', 'silent', `nothing is heard of ${node}, which runs elsewhere`, 'Look at it where "isesim node-run" runs.');
    if (this.#running(node).isPaused(node)) throw new Problem('refused', 'paused', `${node} is paused, so it answers nothing`, 'Let it go on with "isesim heal".');
    return this.#request(node, verb, value, patienceMs);
  }

  /** Runs PowerShell at the double, at the time of day that it is. */
  m365(command: Takes<'m365'>): Promise<Answers<'m365'>> {
    return this.#request(microsoft365, 'm365', command);
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

  /** The attempts at what `nodes` owe, as they remember them: nobody knows those of a node that does not run. */
  async attempts(nodes: readonly string[]): Promise<AttemptsAt[]> {
    const running = nodes.filter((name) => this.#parts.absenceOf(name) === undefined);
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
  async quiet(): Promise<void> {
    await this.#clock.reported();
    await this.coordinator.quiet();
  }

  /** When something is due next, once all that was done so far has had its effect; undefined when nothing is. */
  async nextDue(): Promise<Instant | undefined> {
    await this.quiet();
    return this.coordinator.nextDue();
  }

  async advance(to: Instant): Promise<void> {
    if (!(to <= latestInstant)) throw new Problem('wrong input', 'too-late', `that is later than ${formatInstant(latestInstant)}, and simulated time ends there`, 'Name an earlier date, or a shorter duration.');
    await this.#clock.reported();
    await this.coordinator.advance(to);
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
  async pause(node: string): Promise<void> {
    this.#assertHere(node);
    await this.coordinator.touch();
    await this.#running(node).pause(node);
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
  async kill(node: string): Promise<void> {
    this.#assertHere(node);
    await this.coordinator.touch();
    await this.#running(node).kill(node);
    await this.#disturbances.tell();
  }

  /** Stops a node in order and starts it again. */
  async restart(node: string): Promise<void> {
    this.#assertHere(node);
    const running = this.#running(node);
    this.#assertJoins(node);
    await this.coordinator.touch();
    await running.leave(node);
    await this.start(node);
  }

  /** Starts a node that was killed or stopped: it joins anew and sends what it owes. */
  async start(name: string): Promise<void> {
    this.#assertHere(name);
    const node = this.#node(name);
    await this.#startPart(node);
    await this.#status.untilConnected([node]);
  }

  async #startPart(node: DeploymentNode): Promise<void> {
    this.#assertJoins(node.name);
    await this.coordinator.touch();
    await this.#parts.startNode(node, hostsOf(this.#ready, this.topology), this.#ready.proxy);
    // What has changed while it started.
    await this.#disturbances.tell();
  }

  /** What it must be told to go on from here after `stop({ keep: true })`. */
  memory(): Memory {
    return { time: this.now(), incarnations: this.#parts.incarnations(), standing: this.#disturbances.standing() };
  }

  /** `keep`: on a server that lives on its streams stay, so that it can go on later. */
  async stop({ keep = false }: { readonly keep?: boolean } = {}): Promise<void> {
    this.coordinator.stop();
    await this.#parts.stopAll();
    this.#clock.revoke();
    try {
      await this.#leaveServer(keep);
    } finally {
      await Promise.allSettled([(this.#operator as Bus | undefined)?.close(), (this.#store as Bus | undefined)?.close()]);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #boot(): Promise<void> {
    const { credentials, nats, topology, seal, onDefect } = this.#options;
    const connection = { url: nats.url, login: nats.login, deployment: this.name, clock: this.#clock, onDefect };
    [this.#store, this.#operator] = await Promise.all([
      Bus.connect({ ...connection, key: credentials.store, name: 'store', incarnation: 'store#1' }),
      Bus.connect({ ...connection, key: credentials.operator, name: operator, incarnation: `${operator}#1`, patienceMs: personsPatienceMs }),
    ]);
    answerPresence(this.#store.connection, this.name);
    await createStreams(this.#store.connection, this.name, this.nodes);
    if (this.#options.memory) await unmarkKept(this.#store.connection, this.name);
    this.#options.onProgress?.({ kind: 'nats', url: nats.url });
    this.#store.onReport((report) => { this.coordinator.received(report); });
    this.coordinator.admit(`${operator}#1`, { onlooker: true });
    this.#clock.hello();
    await this.#clock.start('boot', async () => {
      this.#mails = await MailWatch.open(this.#store);
      await this.#store.follow(this.#store.streams.status, ({ subject, value }) => { if (subject === this.#store.subjects.report(value.node)) this.#status.reported(value); });
      await this.#history.open(this.#store, this.nodes, topology.startTime);
    });
    this.#ready = await this.#parts.startMicrosoft365(seal(topology.microsoft365));
    this.#options.onProgress?.({ kind: 'microsoft365', ready: this.#ready });
    const here = this.nodes.filter(({ name }) => !this.#remote.has(name));
    answerJoins(this.#store.connection, this.name, (name, message) => this.#remote.answer(name, message));
    await atMost(this.#options.startsAtOnce ?? this.nodes.length, here, (node) => this.#parts.startNode(node, hostsOf(this.#ready, this.topology), this.#ready.proxy));
    await this.coordinator.putInOrder();
    if (!this.#options.memory) await this.#installOn(this.holderOf('primary PAN'));
    await this.#status.untilConnected(here);
    await this.#disturbances.begin();
  }

  async #request<V extends Verb>(agent: string, verb: V, value: Takes<V>, patienceMs?: number): Promise<Answers<V>> {
    await this.coordinator.touch();
    this.#clock.heard(this.coordinator.now());
    let pending = true;
    const answer = this.#clock.start(verb, () => this.#operator.ask(agent, verb, value, patienceMs)).finally(() => { pending = false; });
    // Nobody would advance the clock for a person who waits for an answer that only a deadline brings.
    void this.#clock.reported().then(() => this.coordinator.passUntil(() => !pending));
    return answer;
  }

  #assertHere(node: string): void {
    if (!this.#remote.has(node)) return;
    throw new Problem('refused', 'remote', `${node} is started elsewhere`, `Start it with "isesim node-run ${node}", and end or pause it, where it runs.`);
  }

  #assertJoins(node: string): void {
    if (!this.#disturbances.hasNoNats(node)) return;
    throw new Problem('refused', 'cut-off', `${node} is cut off from NATS, so it cannot join`, `End the fault with "isesim heal --node ${node} --to nats".`);
  }

  async #leaveServer(keep: boolean): Promise<void> {
    const store = this.#store as Bus | undefined;
    if (!store || this.#options.nats.livesOn !== true) return;
    await (keep ? markKept : removeStreams)(store.connection, this.name);
  }

  /** A primary PAN that is started elsewhere is waited for: without it there is no configuration. */
  async #installOn(primaryPan: string): Promise<void> {
    if (this.#remote.has(primaryPan)) await this.#remote.joined(primaryPan);
    await this.#install();
  }

  async #install(): Promise<void> {
    const { seal, random, topology } = this.#options;
    const pages = seal(firstPages(topology, this.nodes, this.#ready.roots)) as Takes<'install'>['pages'];
    const primaryPan = this.holderOf('primary PAN');
    const accounts = firstAccounts(topology, random);
    for (let first = 0; first < accounts.length; first += accountsAtOnce) await this.ask(primaryPan, 'install-accounts', { accounts: accounts.slice(first, first + accountsAtOnce) });
    await this.ask(primaryPan, 'install', { pages });
  }

  #node(name: string): DeploymentNode {
    const node = this.nodes.find((each) => each.name === name);
    if (node) return node;
    throw noSuchNode(name, this.nodes.map((each) => each.name));
  }

  /** The running parts, once it is certain that `name` is a node and among them. */
  #running(name: string): RunningParts {
    this.#node(name);
    if (this.#parts.has(name)) return this.#parts;
    throw new Problem('refused', 'not-running', `${name} is not running`, `Start it with "isesim ${this.#remote.has(name) ? 'node-run' : 'node start'} ${name}".`);
  }
}

/** The names that ISE uses, and where the double answers for them; another name leads where the one behind it does. */
export function hostsOf({ login, smtp }: Microsoft365Ready, { network }: Pick<Topology, 'network'>): Record<string, Endpoint> {
  const microsoft = { 'login.microsoftonline.com:443': login, 'smtp.office365.com:587': smtp };
  const others = Object.entries(network.hosts).flatMap(([name, leadsTo]) =>
    Object.entries(microsoft).filter(([host]) => host.startsWith(`${leadsTo}:`)).map(([host, endpoint]) => [host.replace(leadsTo, name), endpoint] as const),
  );
  return { ...microsoft, ...Object.fromEntries(others) };
}
