import type { Grant, Instant, WorkReport } from '@isesim/domain';
import { addressOf } from './agent-clock.ts';
import { blockers, isQuiet, isSettled, type QuietView } from './blockers.ts';
import { Turns } from './turns.ts';

/** Real time, handed in: paces the clock and notices that nothing moves. */
export interface Wall {
  now(): number;
  /** Calls back once after `ms`; the returned function cancels. */
  after(ms: number, call: () => void): () => void;
}

export interface CoordinatorOptions {
  readonly start: Instant;
  readonly wall: Wall;
  readonly send: (agent: string, grant: Grant) => void;
  /** Called when nothing has been reported for a while although something is open. */
  readonly onStall?: (blockers: string[]) => void;
  /**
   * `fixed`: one thing begins at a time, in an order that follows from causes alone, so that the same events give the same record.
   * `as it comes` (default): things begin when they arrive.
   */
  readonly order?: 'fixed' | 'as it comes';
  /** The agents' names in the order that decides among equals; agents that are not here come behind, by name. */
  readonly names?: readonly string[];
}

export interface Admission {
  /** Where its connections to the double come from. */
  readonly address?: string;
  readonly double?: boolean;
  /** Nothing in it waits for a turn: whatever it does in answer to what it takes begins outside, by `touch`. */
  readonly onlooker?: boolean;
}

/** How simulated time passes: only by `advance`, or with the wall, `factor` simulated seconds a second. */
export type Pace = 'stepped' | { readonly factor: number };

// Long enough for a loaded machine to finish one piece of work, short enough that a user does not wonder.
const stallMs = 10_000;
// An agent that is not busy answers within a few; a person waits no longer for its absence to be noticed.
const answerMs = 300;
// Node timers take at most 2^31 ms, and a wall that is set back is noticed within this time.
const longestWaitMs = 1_000;

/**
 * The one clock of a deployment: a discrete-event simulation over agents that report. The earliest due work of any agent
 * is done first and completely, then time jumps on.
 */
export class Coordinator {
  readonly #options: CoordinatorOptions;
  readonly #reports = new Map<string, WorkReport | undefined>();
  readonly #granted = new Map<string, number>();
  readonly #suspended = new Map<string, { readonly report: WorkReport | undefined; readonly address: string | undefined }>();
  readonly #addresses = new Map<string, string>();
  readonly #closedBefore = new Map<string, number | undefined>();
  readonly #floor: Record<string, number> = {};
  readonly #onlookers = new Set<string>();
  readonly #told = new Map<string, Instant>();
  readonly #turns: Turns;
  readonly #impatient = new Set<() => void>();
  readonly #open = new Map<string, NonNullable<WorkReport['open']>>();
  #inOrder = false;
  #double: string | undefined;
  #now: Instant;
  #pace: Pace = 'stepped';
  #paceOrigin = { wall: 0, simulated: 0 };
  #looks = new Set<() => void>();
  readonly #stallWatches = new Set<() => void>();
  #lane: Promise<unknown> = Promise.resolve();
  #stopPacing: (() => void) | undefined;
  #moving = 0;
  #becomingQuiet: Promise<void> | undefined;
  #stopped = false;

  constructor(options: CoordinatorOptions) {
    this.#options = options;
    this.#now = options.start;
    this.#turns = new Turns(options.names ?? []);
  }

  now(): Instant {
    return this.#now;
  }

  /** The time that a paced clock should show by the wall; work that takes longer than its gap makes the clock lag behind. */
  shownTime(): Instant {
    if (this.#pace === 'stepped') return this.#now;
    const mapped = this.#mapped();
    const due = this.nextDue();
    return Math.max(this.#now, due === undefined ? mapped : Math.min(mapped, due));
  }

  /** Expects an incarnation: time stands still until it has reported and was welcomed. `address`: where it connects from. */
  admit(agent: string, { address, double = false, onlooker = false }: Admission = {}): void {
    if (onlooker) this.#onlookers.add(agent);
    this.#reports.set(agent, undefined);
    this.#granted.set(agent, 0);
    if (address !== undefined) this.#addresses.set(agent, address);
    if (double) this.#double = agent;
  }

  /**
   * Writes a dead incarnation off. `lastSequences` are the streams' last sequences, read after its connection was gone: it
   * may have written what no report of its names.
   */
  strike(agent: string, lastSequences: Readonly<Record<string, number>>): void {
    this.#takeIn(agent);
    this.#reports.delete(agent);
    this.#granted.delete(agent);
    this.#told.delete(agent);
    if (this.#double === agent) this.#double = undefined;
    this.#raiseFloor(lastSequences);
    this.#look();
    void this.#forgetConnections(agent);
  }

  /**
   * Leaves an incarnation out that is paused: time passes without it, and what is due there waits. `lastSequences` as for
   * `strike`.
   */
  suspend(agent: string, lastSequences: Readonly<Record<string, number>>): void {
    this.#suspended.set(agent, { report: this.#reports.get(agent), address: this.#addresses.get(agent) });
    this.#reports.delete(agent);
    this.#addresses.delete(agent);
    this.#raiseFloor(lastSequences);
    this.#look();
  }

  /** Takes a paused incarnation in again: what fell due meanwhile happens now. */
  resume(agent: string): void {
    if (!this.#takeIn(agent)) return;
    // Those who began meanwhile were not announced to it.
    const incarnations = this.#laterIncarnations();
    if (Object.keys(incarnations).length > 0) this.#grant(agent, { incarnations });
    this.#look();
  }

  received(report: WorkReport): void {
    if (!this.#granted.has(report.agent)) return;
    if (report.open) {
      this.#open.set(report.agent, report.open);
      return;
    }
    const suspended = this.#suspended.get(report.agent);
    if (suspended) {
      this.#suspended.set(report.agent, { ...suspended, report });
      return;
    }
    const known = this.#reports.get(report.agent);
    if (known && known.number >= report.number) return;
    this.#reports.set(report.agent, report);
    if (!known) void this.#welcome(report.agent);
    this.#look();
    if (!this.#moving) this.#pacing();
  }

  blockers(): string[] {
    return blockers(this.#view());
  }

  #view(): QuietView {
    return {
      reports: this.#reports,
      granted: this.#granted,
      floor: this.#floor,
      double: this.#double,
      addresses: this.#addresses,
      closedBefore: this.#closedBefore,
    };
  }

  /** Resolves when nothing is open and nothing is on its way: all that follows from what was done is done. */
  quiet(): Promise<void> {
    // However many wait for it, one look a report answers them all.
    this.#becomingQuiet ??= this.#until(() => this.#isQuiet()).finally(() => { this.#becomingQuiet = undefined; });
    return this.#becomingQuiet;
  }

  /**
   * Where the order is fixed, it holds from here on, for all agents that are there or come. Before, things begin as they come:
   * to be called before anything happens that the record tells of.
   */
  async putInOrder(): Promise<void> {
    if (this.#options.order !== 'fixed') return;
    await this.quiet();
    this.#inOrder = true;
    await this.#tell([...this.#granted.keys()]);
  }

  /** Moves simulated time to `to`, doing all that falls due on the way, the end included. */
  advance(to: Instant): Promise<void> {
    return this.#alone(async () => {
      await this.#advance(to);
      this.#anchor();
    });
  }

  /** Stepped: lets pass the time that something takes until it is `done`, and no more; a paced clock does that by itself. */
  async passUntil(done: () => boolean): Promise<void> {
    while (this.#pace === 'stepped') {
      await this.quiet();
      const due = this.nextDue();
      if (done() || due === undefined) return;
      await this.advance(due);
    }
  }

  /**
   * Before something from outside happens: brings the clock up to the wall, so that it carries the time of day; where the order
   * is fixed, lets what was done before have its effect first, unless that hangs.
   */
  async touch(): Promise<void> {
    if (this.#inOrder) await this.#quietOrStalled();
    await this.#catchUpWithWall();
  }

  pace(pace: Pace): void {
    // The time that was shown under the old pace stays.
    void this.#catchUpWithWall();
    this.#pace = pace;
    this.#anchor();
    this.#pacing();
  }

  stop(): void {
    this.#stopped = true;
    this.#stopPacing?.();
    for (const cancel of this.#stallWatches) cancel();
    this.#stallWatches.clear();
  }

  async #catchUpWithWall(): Promise<void> {
    if (this.#pace === 'stepped') return;
    this.#now = this.shownTime();
    await this.#tell(this.#double === undefined ? [] : [this.#double]);
  }

  async #advance(to: Instant): Promise<void> {
    for (;;) {
      await this.quiet();
      const due = this.nextDue();
      if (due === undefined || due > to) break;
      await this.#happen(Math.max(this.#now, due));
    }
    this.#now = Math.max(this.#now, to);
    await this.#tell(this.#double === undefined ? [] : [this.#double]);
  }

  /** One step: those who could act at `time` without a message that names it are told it first, then what is due starts. */
  async #happen(time: Instant): Promise<void> {
    this.#now = time;
    const first = this.#turns.firstDue(this.#reports);
    const due = !this.#inOrder ? this.#dueAt(time) : first === undefined ? [] : [first];
    await this.#tell(this.#hearsOnlyBySocket(due));
    for (const agent of due) this.#grant(agent, this.#inOrder ? { turn: 'timer' } : { go: true });
  }

  /** In fixed order: when nothing is open or on its way, the one thing that comes first begins. */
  #grantTurn(): void {
    if (!this.#inOrder || this.#stopped) return;
    const first = this.#turns.firstHeld(this.#reports);
    if (first !== undefined && isSettled(this.#view())) this.#grant(first, { turn: 'held' });
  }

  #isQuiet(): boolean {
    return isQuiet(this.#view()) && !(this.#inOrder && this.#turns.firstHeld(this.#reports) !== undefined);
  }

  #quietOrStalled(): Promise<void> {
    return new Promise((resolve) => {
      this.#impatient.add(resolve);
      void this.quiet().then(() => {
        this.#impatient.delete(resolve);
        resolve();
      });
    });
  }

  /**
   * SMTP carries no simulated time: the double must know it before any node acts, and a node that waits for the double
   * must know it before the double wakes.
   */
  #hearsOnlyBySocket(due: readonly string[]): string[] {
    if (this.#double === undefined) return [];
    const waiting = due.includes(this.#double) ? [...this.#reports].filter(([, report]) => report && report.waiting.length > 0).map(([agent]) => agent) : [];
    return [...new Set([this.#double, ...waiting])].filter((agent) => this.#told.get(agent) !== this.#now);
  }

  /** A dead incarnation's connections close by themselves; what the double has taken of them then counts for its successor. */
  async #forgetConnections(agent: string): Promise<void> {
    const address = this.#addresses.get(agent);
    const double = this.#double;
    if (address === undefined || double === undefined) return;
    this.#closedBefore.set(address, undefined);
    await this.#tell([double]);
    const far = () => this.#reports.get(double);
    await this.#until(() => !far()?.connections.some((connection) => addressOf(connection) === address));
    this.#addresses.delete(agent);
    this.#closedBefore.set(address, far()?.closesTaken[address] ?? 0);
    this.#look();
  }

  #awaitsCloses(address: string | undefined): boolean {
    return address !== undefined && this.#closedBefore.has(address) && this.#closedBefore.get(address) === undefined;
  }

  async #tell(agents: readonly string[], incarnations?: Record<string, string>): Promise<void> {
    for (const agent of agents) this.#grant(agent, { incarnations });
    await this.#until(() =>
      agents.every((agent) => {
        const given = this.#granted.get(agent);
        return given === undefined || !this.#reports.has(agent) || this.#reports.get(agent)?.obeyed === given;
      }),
    );
  }

  #takeIn(agent: string): boolean {
    const suspended = this.#suspended.get(agent);
    if (!suspended) return false;
    this.#suspended.delete(agent);
    this.#reports.set(agent, suspended.report);
    if (suspended.address !== undefined) this.#addresses.set(agent, suspended.address);
    return true;
  }

  #raiseFloor(lastSequences: Readonly<Record<string, number>>): void {
    for (const [stream, sequence] of Object.entries(lastSequences)) {
      this.#floor[stream] = Math.max(this.#floor[stream] ?? 0, sequence);
    }
  }

  #grant(agent: string, { go = false, turn, incarnations }: { go?: boolean; turn?: 'held' | 'timer'; incarnations?: Record<string, string> | undefined }): void {
    // It may have died since it was found to be due.
    if (!this.#granted.has(agent)) return;
    const number = (this.#granted.get(agent) ?? 0) + 1;
    this.#granted.set(agent, number);
    this.#told.set(agent, this.#now);
    this.#options.send(agent, {
      number,
      time: this.#now,
      go,
      ...(turn ? { turn } : {}),
      ...(this.#inOrder && !this.#onlookers.has(agent) ? { inOrder: true } : {}),
      ...(incarnations ? { incarnations } : {}),
    });
  }

  /**
   * The first grant lets a newcomer begin. Everybody takes a name for its first incarnation until told otherwise, so only
   * a later one is announced, and before it begins: what is still addressed to its predecessor is dropped, uncounted.
   */
  async #welcome(newcomer: string): Promise<void> {
    const incarnations = this.#laterIncarnations();
    if (!newcomer.endsWith('#1')) {
      const others = [...this.#granted.keys()].filter((agent) => agent !== newcomer && this.#reports.get(agent));
      await this.#tell(others, incarnations);
      // What the predecessor left could not be told from connections that the newcomer opens from the same address.
      await this.#until(() => !this.#awaitsCloses(this.#addresses.get(newcomer)));
    }
    if (this.#granted.has(newcomer)) this.#grant(newcomer, { go: true, incarnations });
  }

  #laterIncarnations(): Record<string, string> {
    return Object.fromEntries([...this.#granted.keys()].filter((agent) => !agent.endsWith('#1')).map((agent) => [nameOf(agent), agent]));
  }

  /** The earliest due time that any agent has reported. */
  nextDue(): Instant | undefined {
    let least: Instant | undefined;
    for (const report of this.#reports.values()) {
      const due = report?.nextDue;
      if (due !== undefined && (least === undefined || due < least)) least = due;
    }
    return least;
  }

  #dueAt(time: Instant): string[] {
    return [...this.#reports].filter(([, report]) => report?.nextDue !== undefined && report.nextDue <= time).map(([agent]) => agent);
  }

  #look(): void {
    for (const look of [...this.#looks]) look();
    this.#grantTurn();
  }

  #until(holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve) => {
      let cancelStall = this.#watchStall();
      const look = () => {
        cancelStall();
        if (!holds()) {
          cancelStall = this.#watchStall();
          return;
        }
        this.#looks.delete(look);
        resolve();
      };
      this.#looks.add(look);
    });
  }

  #watchStall(): () => void {
    if (this.#stopped) return () => undefined;
    const cancel = this.#options.wall.after(stallMs, () => {
      this.#stallWatches.delete(cancel);
      this.#nameStall();
      for (const goOn of this.#impatient) goOn();
      this.#impatient.clear();
    });
    this.#stallWatches.add(cancel);
    return () => {
      this.#stallWatches.delete(cancel);
      cancel();
    };
  }

  /** Tells what blocks, and what the agents that it names have to say for themselves. */
  #nameStall(): void {
    const found = this.blockers();
    const named = [...this.#reports].filter(([agent, report]) => report && found.some((blocker) => this.#names(blocker, agent))).map(([agent]) => agent);
    this.#open.clear();
    for (const agent of named) this.#options.send(agent, { number: 0, time: this.#now, go: false, asks: true });
    const cancel = this.#options.wall.after(answerMs, () => {
      this.#stallWatches.delete(cancel);
      this.#options.onStall?.([...found, ...named.map((agent) => describeOpen(agent, this.#open.get(agent)))]);
    });
    this.#stallWatches.add(cancel);
  }

  #names(blocker: string, agent: string): boolean {
    const address = this.#addresses.get(agent);
    return blocker.includes(agent) || (address !== undefined && blocker.includes(`${address}:`)) || (agent === this.#double && blocker.includes('Microsoft 365'));
  }

  /** One mover of time at a time: the pacing and every `advance` wait for each other. */
  #alone<T>(move: () => Promise<T>): Promise<T> {
    this.#moving += 1;
    const turn = this.#lane.then(move).finally(() => {
      this.#moving -= 1;
    });
    this.#lane = turn.catch(() => undefined);
    return turn;
  }

  #anchor(): void {
    this.#paceOrigin = { wall: this.#options.wall.now(), simulated: this.#now };
  }

  #mapped(): Instant {
    if (this.#pace === 'stepped') return this.#now;
    return Math.floor(this.#paceOrigin.simulated + (this.#options.wall.now() - this.#paceOrigin.wall) * this.#pace.factor);
  }

  /** Paced: looks again whenever something is due by the wall, or after a while. */
  #pacing(): void {
    this.#stopPacing?.();
    if (this.#stopped || this.#moving || this.#pace === 'stepped') return;
    const { factor } = this.#pace;
    const due = this.nextDue();
    const untilDue = due === undefined ? longestWaitMs : (due - this.#mapped()) / factor;
    const wait = Math.min(longestWaitMs, Math.max(1, untilDue));
    this.#stopPacing = this.#options.wall.after(wait, () => {
      void this.#alone(async () => {
        const next = this.nextDue();
        const mapped = this.#mapped();
        if (next !== undefined && next <= mapped && !this.#stopped) await this.#advance(Math.max(next, this.#now));
      }).finally(() => {
        this.#pacing();
      });
    });
  }
}

function describeOpen(agent: string, open: WorkReport['open']): string {
  if (!open) return `${agent} does not answer: it is busy, or stopped`;
  if (open.length === 0) return `${agent} answers, and has nothing open`;
  return `${agent} works on ${open.map(({ what, since }) => `"${what}" since ${new Date(since).toISOString()}`).join(', ')}`;
}

/** `psn-1#2` is an incarnation of `psn-1`. */
export function nameOf(incarnation: string): string {
  return incarnation.slice(0, incarnation.lastIndexOf('#'));
}
