import { AsyncLocalStorage } from 'node:async_hooks';
import type { Cancel, Clock, Crossings, Grant, Instant, Item, ItemKind, Work, WorkReport } from '@isesim/domain';
import { compareItems } from './compare-items.ts';
import { OrderedList } from './ordered-list.ts';

export interface AgentClockOptions {
  /** The incarnation, `name#n`. */
  readonly agent: string;
  readonly start: Instant;
  readonly push: (report: WorkReport) => void;
  /** Told of an error that nobody awaits: a piece of work started by a timer has failed. */
  readonly onDefect: (what: string, error: unknown) => void;
}

/** A piece of work: active unless all it does is wait in a way that lets simulated time pass. */
interface Piece {
  readonly what: string;
  readonly since: Instant;
  readonly aside: boolean;
  waits: number;
  calls: number;
}

interface Timer {
  readonly due: Instant;
  readonly number: number;
  readonly fire: () => void;
}

interface Held extends Item {
  readonly begin: () => void;
}

// One for all agents of a process: each instance costs something at every promise.
const here = new AsyncLocalStorage<Piece | undefined>();

/**
 * One agent's side of the simulated clock: its time, its timers, and the count of its open work, reported to the
 * coordinator each time that it becomes zero. The protocol and why it is sound: docs/architecture.md, "Time".
 */
export class AgentClock implements Clock, Work, Crossings {
  readonly #options: AgentClockOptions;
  readonly #pieces = new Set<Piece>();
  readonly #timers = new OrderedList<Timer>((one, other) => one.due - other.due || one.number - other.number);
  readonly #held = new OrderedList<Held>(compareItems);
  readonly #published: Record<string, number> = {};
  readonly #taken: Record<string, number> = {};
  readonly #asked: Record<string, number> = {};
  readonly #asksTaken: Record<string, number> = {};
  readonly #answered: Record<string, number> = {};
  readonly #answersTaken: Record<string, number> = {};
  readonly #closesTaken: Record<string, number> = {};
  readonly #connections = new Set<string>();
  readonly #waiting = new Set<string>();
  readonly #sleeping = new Set<string>();
  #now: Instant;
  #active = 0;
  #asides = 0;
  readonly #awaitingReport: (() => void)[] = [];
  #closes = 0;
  #timerCount = 0;
  #ownCount = 0;
  #inOrder = false;
  #reports = 0;
  #obeyed = 0;
  #reportScheduled = false;
  #revoked = false;
  #frozen: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;
  readonly #heldGrants: Grant[] = [];

  constructor(options: AgentClockOptions) {
    this.#options = options;
    this.#now = options.start;
  }

  // Clock

  now(): Instant {
    return this.#now;
  }

  sleep(until: Instant | { readonly ms: number }, signal?: AbortSignal): Promise<void> {
    const piece = this.#piece('sleep');
    const due = typeof until === 'number' ? until : this.#now + until.ms;
    const { promise, resolve, reject } = promiseParts();
    const wake = (settle: () => void) => {
      this.#timers.delete(timer);
      signal?.removeEventListener('abort', onAbort);
      this.#change(piece, { waits: -1 });
      settle();
    };
    const end = () => {
      wake(() => {
        reject(signal?.reason instanceof Error ? signal.reason : new Error('the sleep was ended'));
      });
    };
    const onAbort = () => {
      this.#timers.delete(timer);
      // One piece of work may end the sleep of many, and goes on itself.
      if (this.#inOrder && this.#isRunning()) void this.#ownTurn().then(end);
      else end();
    };
    const timer = this.#addTimer(due, () => {
      wake(resolve);
    });
    this.#change(piece, { waits: 1 });
    if (signal?.aborted) end();
    else signal?.addEventListener('abort', onAbort, { once: true });
    return promise;
  }

  at(due: Instant, what: string, work: () => Promise<void>): Cancel {
    const timer = this.#addTimer(due, () => {
      this.start(what, work).catch((error: unknown) => {
        this.#options.onDefect(what, error);
      });
    });
    return () => {
      if (this.#timers.delete(timer)) this.#changed();
    };
  }

  deadline(due: Instant): AbortSignal & Disposable {
    const piece = this.#piece('deadline');
    const controller = new AbortController();
    let passed = false;
    const timer = this.#addTimer(due, () => {
      // From here until its disposal the piece counts as active: what the abort sets off (a socket that closes) takes
      // real time before the wait itself ends.
      passed = true;
      this.#change(piece, { calls: 1 });
      controller.abort(new DeadlinePassed(due));
    });
    const dispose = () => {
      if (this.#timers.delete(timer)) this.#changed();
      if (passed) this.#change(piece, { calls: -1 });
      passed = false;
    };
    return Object.assign(controller.signal, { [Symbol.dispose]: dispose });
  }

  // Work

  start<T>(what: string, run: () => Promise<T>): Promise<T> {
    if (this.#revoked) return never();
    // Begun at once it would race with the piece that starts it.
    if (this.#inOrder && this.#isRunning()) return this.#ownTurn().then(() => this.#open(what, run));
    return this.#open(what, run);
  }

  aside(what: string, run: () => Promise<void>): void {
    if (this.#revoked) return;
    this.#open(what, run, { aside: true }).catch((error: unknown) => {
      this.#options.onDefect(what, error);
    });
  }

  #open<T>(what: string, run: () => Promise<T>, { aside = false } = {}): Promise<T> {
    const piece: Piece = { what, since: this.#now, aside, waits: 0, calls: 0 };
    this.#pieces.add(piece);
    this.#countActive(piece, 1);
    return here.run(piece, async () => {
      try {
        return await run();
      } finally {
        if (isActive(piece)) this.#countActive(piece, -1);
        this.#pieces.delete(piece);
        this.#changed();
      }
    });
  }

  async outside<T>(what: string, run: () => Promise<T>): Promise<T> {
    return this.#during(this.#piece(what), { calls: 1 }, run);
  }

  async slot<T>(wait: Promise<T>): Promise<T> {
    return this.#during(this.#piece('slot'), { waits: 1 }, () => wait.finally(() => this.#ownTurn()));
  }

  async socket<T>(connection: string, run: () => Promise<T>): Promise<T> {
    const piece = this.#piece(`socket ${connection}`);
    this.#waiting.add(connection);
    return this.#during(piece, { waits: 1 }, () => run().finally(() => this.#waiting.delete(connection)));
  }

  /** Of the double: its client on `connection` waits for simulated time, so the client's wait lets time pass. */
  async sleeping<T>(connection: string, run: () => Promise<T>): Promise<T> {
    this.#sleeping.add(connection);
    try {
      return await run();
    } finally {
      this.#sleeping.delete(connection);
    }
  }

  /** Of the double: a client has connected. */
  connectionOpened(connection: string): void {
    this.#connections.add(connection);
  }

  /** Of the double: `connection` is closed and all work on it has ended. */
  connectionClosed(connection: string): void {
    if (this.#connections.delete(connection)) this.#count(this.#closesTaken, addressOf(connection));
  }

  // Crossings

  published(stream: string, sequence: number): void {
    this.#published[stream] = Math.max(this.#published[stream] ?? 0, sequence);
    this.#changed();
  }

  taken(stream: string, sequence: number): void {
    this.#taken[stream] = Math.max(this.#taken[stream] ?? 0, sequence);
    this.#changed();
  }

  asked(peer: string): void {
    this.#count(this.#asked, peer);
  }

  askTaken(peer: string): void {
    this.#count(this.#asksTaken, peer);
  }

  answered(peer: string): void {
    this.#count(this.#answered, peer);
  }

  answerTaken(peer: string): void {
    this.#count(this.#answersTaken, peer);
  }

  closed(): void {
    this.#closes += 1;
    this.#changed();
  }

  async reply<T>(wait: Promise<T>): Promise<T> {
    return this.#during(this.#piece('reply'), { waits: 1 }, () => wait);
  }

  enters(kind: ItemKind, order: readonly (string | number)[], begin: () => void): Promise<void> | undefined {
    if (!this.#inOrder) {
      begin();
      return undefined;
    }
    return new Promise((resolve) => {
      this.#held.add({
        kind,
        order: [...order],
        begin: () => {
          begin();
          resolve();
        },
      });
      this.#changed();
    });
  }

  // Towards the coordinator

  /** The time that a message names: another agent was granted it already. */
  heard(time: Instant): void {
    this.#now = Math.max(this.#now, time);
  }

  obey(grant: Grant): void {
    if (this.#revoked) return;
    if (grant.asks) {
      if (!this.#frozen) this.#options.push({ ...this.#report(this.#reports), open: this.openWork() });
      return;
    }
    if (this.#frozen) {
      this.#heldGrants.push(grant);
      return;
    }
    this.heard(grant.time);
    this.#obeyed = grant.number;
    if (grant.inOrder) this.#inOrder = true;
    // What begins now belongs to no piece, whosever work the grant came out of.
    here.run(undefined, () => {
      if (grant.go) this.#fireDue();
      if (grant.turn === 'timer') this.#fireFirst();
      if (grant.turn === 'held') this.#held.takeFirst()?.begin();
    });
    this.#changed();
  }

  /** The first report, by which the coordinator learns of this incarnation. */
  hello(): void {
    this.#changed();
  }

  /** Stops the agent as SIGSTOP does a process: its next call into its world waits, grants are not obeyed, nothing is reported. */
  freeze(): void {
    this.#frozen ??= promiseParts();
  }

  /** Lets a frozen agent go on where it stopped. */
  thaw(): void {
    this.#frozen?.resolve();
    this.#frozen = undefined;
    for (const grant of this.#heldGrants.splice(0)) this.obey(grant);
    this.#changed();
  }

  /**
   * Resolves when a report that holds all that was started so far has been pushed. Whoever starts work from outside, unasked by
   * any grant or message, waits for this before asking whether the deployment is quiet: the report before knew nothing of it.
   */
  reported(): Promise<void> {
    return new Promise((resolve) => {
      this.#awaitingReport.push(resolve);
      this.#changed();
    });
  }

  get revoked(): boolean {
    return this.#revoked;
  }

  /** Ends the agent as a kill does: nothing fires, nothing is reported, and whoever calls into its world waits for ever. */
  revoke(): void {
    this.#revoked = true;
    this.#timers.clear();
    this.#held.clear();
  }

  /** What is open now, for whoever asks why nothing moves. */
  openWork(): { what: string; since: Instant }[] {
    return [...this.#pieces].filter(isActive).map(({ what, since }) => ({ what, since }));
  }

  #fireDue(): void {
    const last = this.#timerCount;
    // A timer that is set meanwhile is due for the next grant.
    while (this.#timers.first && this.#timers.first.number < last && this.#fireFirst());
  }

  #fireFirst(): boolean {
    const timer = this.#timers.first;
    if (!timer || timer.due > this.#now) return false;
    this.#timers.takeFirst();
    timer.fire();
    return true;
  }

  #addTimer(due: Instant, fire: () => void): Timer {
    const timer = { due, number: this.#timerCount++, fire };
    if (!this.#revoked) this.#timers.add(timer);
    this.#changed();
    return timer;
  }

  #piece(call: string): Piece {
    const piece = here.getStore();
    if (!piece || !this.#pieces.has(piece)) {
      throw new Error(`${this.#options.agent}: "${call}" outside of a piece of work, so it would not be counted`);
    }
    return piece;
  }

  async #during<T>(piece: Piece, change: { waits?: number; calls?: number }, run: () => Promise<T>): Promise<T> {
    if (this.#revoked) return never();
    this.#change(piece, change);
    try {
      if (this.#frozen) await this.#frozen.promise;
      return await run();
    } finally {
      if (this.#frozen) await this.#thawed(change);
      this.#change(piece, { waits: -(change.waits ?? 0), calls: -(change.calls ?? 0) });
      if (this.#revoked) await never();
    }
  }

  /** Many may have waited for the thaw: those that let time pass meanwhile go on one by one. */
  async #thawed({ waits }: { waits?: number }): Promise<void> {
    await this.#frozen?.promise;
    if (waits) await this.#ownTurn();
  }

  /** The turn of work that this agent itself has set off, behind all such work before it. */
  #ownTurn(): Promise<void> {
    return this.enters('work', [++this.#ownCount], () => undefined) ?? Promise.resolve();
  }

  /** Whether this is called by a piece of work that is not waiting. */
  #isRunning(): boolean {
    const piece = here.getStore();
    return piece !== undefined && this.#pieces.has(piece) && isActive(piece);
  }

  #change(piece: Piece, { waits = 0, calls = 0 }: { waits?: number; calls?: number }): void {
    const before = isActive(piece);
    piece.waits += waits;
    piece.calls += calls;
    if (!this.#pieces.has(piece)) return;
    this.#countActive(piece, Number(isActive(piece)) - Number(before));
    this.#changed();
  }

  #countActive({ aside }: Piece, change: number): void {
    if (aside) this.#asides += change;
    else this.#active += change;
  }

  #count(counts: Record<string, number>, peer: string): void {
    counts[peer] = (counts[peer] ?? 0) + 1;
    this.#changed();
  }

  #changed(): void {
    if (this.#active > 0 || this.#reportScheduled || this.#revoked) return;
    this.#reportScheduled = true;
    // One macrotask later, so that whatever the last promise set off is counted first; and in nobody's name.
    here.run(undefined, () => {
      setImmediate(() => {
        this.#reportScheduled = false;
        if (this.#active > 0 || this.#revoked || this.#frozen) return;
        this.#options.push(this.#report(++this.#reports));
        for (const resolve of this.#awaitingReport.splice(0)) resolve();
      });
    });
  }

  #report(number: number): WorkReport {
    const nextDue = this.#timers.first?.due;
    const held = this.#held.first;
    return {
      agent: this.#options.agent,
      number,
      obeyed: this.#obeyed,
      published: { ...this.#published },
      taken: { ...this.#taken },
      asked: { ...this.#asked },
      asksTaken: { ...this.#asksTaken },
      answered: { ...this.#answered },
      answersTaken: { ...this.#answersTaken },
      closes: this.#closes,
      closesTaken: { ...this.#closesTaken },
      connections: [...this.#connections],
      waiting: [...this.#waiting],
      sleeping: [...this.#sleeping],
      asides: this.#asides,
      ...(nextDue === undefined ? {} : { nextDue }),
      ...(held === undefined ? {} : { held: { kind: held.kind, order: held.order } }),
    };
  }
}

/** A wait for the far end ended because its time was up on the simulated clock. */
export class DeadlinePassed extends Error {
  readonly due: Instant;

  constructor(due: Instant) {
    super(`the time for it was up at ${new Date(due).toISOString()}`);
    this.name = 'DeadlinePassed';
    this.due = due;
  }
}

/** `127.0.0.5:4123` is a connection from 127.0.0.5. */
export function addressOf(connection: string): string {
  return connection.slice(0, connection.lastIndexOf(':'));
}

/** What a call into the world of a killed agent gets: as in a killed process, nothing comes after it. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}

function isActive({ waits, calls }: Piece): boolean {
  return waits === 0 || calls > 0;
}

function promiseParts(): { promise: Promise<void>; resolve: () => void; reject: (reason: Error) => void } {
  let resolve!: () => void;
  let reject!: (reason: Error) => void;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
