import type { Cancel, Clock, Crossings, Grant, Instant, ItemKind, Work, WorkReport } from '@isesim/domain';
import { ChannelCounts, countOne, raise, type Counts } from './channel-counts.ts';
import { deadlineAt } from './deadline.ts';
import { Gate } from './gate.ts';
import { Halt, never } from './halt.ts';
import { addressOf } from './names.ts';
import { inNobodysName, Pieces } from './pieces.ts';
import { Reporting } from './reporting.ts';
import { sleepUntil } from './sleep.ts';
import { Timers } from './timers.ts';

export interface AgentClockOptions {
  /** The incarnation, `name#n`. */
  readonly agent: string;
  readonly start: Instant;
  readonly push: (report: WorkReport) => void;
  /** Told of an error that nobody awaits: a piece of work started by a timer has failed. */
  readonly onDefect: (what: string, error: unknown) => void;
}

/**
 * One agent's side of the simulated clock: its time, its timers, and the count of its open work, reported to the
 * coordinator each time that it becomes zero. The protocol and why it is sound: docs/architecture.md, "Time".
 */
export class AgentClock implements Clock, Work, Crossings {
  readonly #options: AgentClockOptions;
  readonly #changed = () => { this.#reporting.changed(); };
  readonly #counts = new ChannelCounts();
  readonly #halt = new Halt();
  readonly #gate = new Gate(this.#changed);
  readonly #timers = new Timers(() => this.#now, this.#changed);
  readonly #pieces: Pieces;
  readonly #reporting: Reporting;
  #now: Instant;

  constructor(options: AgentClockOptions) {
    const { agent, push, start } = options;
    const [counts, halt, gate, timers] = [this.#counts, this.#halt, this.#gate, this.#timers];
    this.#options = options;
    this.#now = start;
    this.#pieces = new Pieces({ agent, gate, halt, changed: this.#changed });
    this.#reporting = new Reporting({ agent, push, pieces: this.#pieces, counts, timers, gate, halt });
  }

  // Clock

  now(): Instant {
    return this.#now;
  }

  sleep(until: Instant | { readonly ms: number }, signal?: AbortSignal): Promise<void> {
    const due = typeof until === 'number' ? until : this.#now + until.ms;
    return sleepUntil({ due, signal, pieces: this.#pieces, timers: this.#timers, gate: this.#gate });
  }

  at(due: Instant, what: string, work: () => Promise<void>): Cancel {
    const timer = this.#timers.add(due, () => {
      this.start(what, work).catch((error: unknown) => {
        this.#options.onDefect(what, error);
      });
    });
    return () => { this.#timers.cancel(timer); };
  }

  deadline(due: Instant): AbortSignal & Disposable {
    return deadlineAt(due, this.#pieces, this.#timers);
  }

  // Work

  start<T>(what: string, run: () => Promise<T>): Promise<T> {
    if (this.#halt.revoked) return never();
    // Begun at once it would race with the piece that starts it.
    if (this.#pieces.wouldRace()) return this.#gate.ownTurn().then(() => this.#pieces.open({ what, since: this.#now, aside: false }, run));
    return this.#pieces.open({ what, since: this.#now, aside: false }, run);
  }

  aside(what: string, run: () => Promise<void>): void {
    if (this.#halt.revoked) return;
    this.#pieces.open({ what, since: this.#now, aside: true }, run).catch((error: unknown) => {
      this.#options.onDefect(what, error);
    });
  }

  async outside<T>(what: string, run: () => Promise<T>): Promise<T> {
    return this.#pieces.during(this.#pieces.calling(what), { calls: 1 }, run);
  }

  async slot<T>(wait: Promise<T>): Promise<T> {
    return this.#pieces.during(this.#pieces.calling('slot'), { waits: 1 }, () => wait.finally(() => this.#gate.ownTurn()));
  }

  async socket<T>(connection: string, run: () => Promise<T>): Promise<T> {
    const piece = this.#pieces.calling(`socket ${connection}`);
    const { waiting } = this.#counts;
    waiting.add(connection);
    return this.#pieces.during(piece, { waits: 1 }, () => run().finally(() => waiting.delete(connection)));
  }

  /** Of the double: its client on `connection` waits for simulated time, so the client's wait lets time pass. */
  async sleeping<T>(connection: string, run: () => Promise<T>): Promise<T> {
    this.#counts.sleeping.add(connection);
    try {
      return await run();
    } finally {
      this.#counts.sleeping.delete(connection);
    }
  }

  /** Of the double: a client has connected. */
  connectionOpened(connection: string): void {
    this.#counts.connections.add(connection);
  }

  /** Of the double: `connection` is closed and all work on it has ended. */
  connectionClosed(connection: string): void {
    if (this.#counts.connections.delete(connection)) this.#count(this.#counts.closesTaken, addressOf(connection));
  }

  // Crossings

  published(stream: string, sequence: number): void {
    raise(this.#counts.published, stream, sequence);
    this.#reporting.changed();
  }

  taken(stream: string, sequence: number): void {
    raise(this.#counts.taken, stream, sequence);
    this.#reporting.changed();
  }

  asked(peer: string): void {
    this.#count(this.#counts.asked, peer);
  }

  askTaken(peer: string): void {
    this.#count(this.#counts.asksTaken, peer);
  }

  answered(peer: string): void {
    this.#count(this.#counts.answered, peer);
  }

  answerTaken(peer: string): void {
    this.#count(this.#counts.answersTaken, peer);
  }

  closed(): void {
    this.#counts.closes += 1;
    this.#reporting.changed();
  }

  async reply<T>(wait: Promise<T>): Promise<T> {
    return this.#pieces.during(this.#pieces.calling('reply'), { waits: 1 }, () => wait);
  }

  enters(kind: ItemKind, order: readonly (string | number)[], begin: () => void): Promise<void> | undefined {
    return this.#gate.enters(kind, order, begin);
  }

  // Towards the coordinator

  /** The time that a message names: another agent was granted it already. */
  heard(time: Instant): void {
    this.#now = Math.max(this.#now, time);
  }

  obey(grant: Grant): void {
    if (this.#halt.revoked) return;
    if (grant.asks) {
      if (!this.#halt.frozen) this.#reporting.answer();
      return;
    }
    if (this.#halt.frozen) {
      this.#halt.hold(grant);
      return;
    }
    this.heard(grant.time);
    this.#reporting.obeyed(grant.number);
    if (grant.inOrder) this.#gate.putInOrder();
    inNobodysName(() => { this.#begin(grant); });
    this.#reporting.changed();
  }

  /** The first report, by which the coordinator learns of this incarnation. */
  hello(): void {
    this.#reporting.changed();
  }

  /** Stops the agent as SIGSTOP does a process: its next call into its world waits, grants are not obeyed, nothing is reported. */
  freeze(): void {
    this.#halt.freeze();
  }

  /** Lets a frozen agent go on where it stopped. */
  thaw(): void {
    for (const grant of this.#halt.thaw()) this.obey(grant);
    this.#reporting.changed();
  }

  /**
   * Resolves when a report that holds all that was started so far has been pushed. Whoever starts work from outside, unasked by
   * any grant or message, waits for this before asking whether the deployment is quiet: the report before knew nothing of it.
   */
  reported(): Promise<void> {
    return this.#reporting.next();
  }

  get revoked(): boolean {
    return this.#halt.revoked;
  }

  /** Ends the agent as a kill does: nothing fires, nothing is reported, and whoever calls into its world waits for ever. */
  revoke(): void {
    this.#halt.revoke();
    this.#timers.end();
    this.#gate.clear();
  }

  /** What is open now, for whoever asks why nothing moves. */
  openWork(): { what: string; since: Instant }[] {
    return this.#pieces.openWork();
  }

  #begin({ go, turn }: Grant): void {
    if (go) this.#timers.fireDue();
    if (turn === 'timer') this.#timers.fireFirst();
    if (turn === 'held') this.#gate.beginFirst();
  }

  #count(counts: Counts, peer: string): void {
    countOne(counts, peer);
    this.#reporting.changed();
  }
}
