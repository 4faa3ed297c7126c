import { AsyncLocalStorage } from 'node:async_hooks';
import type { Cancel, Clock, Crossings, Grant, Instant, Work, WorkReport } from '@isesim/domain';

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
  waits: number;
  calls: number;
}

interface Timer {
  readonly due: Instant;
  readonly number: number;
  readonly fire: () => void;
}

/**
 * One agent's side of the simulated clock: its time, its timers, and the count of its open work, reported to the
 * coordinator each time that it becomes zero. The protocol and why it is sound: docs/architecture.md, "Time".
 */
export class AgentClock implements Clock, Work, Crossings {
  readonly #options: AgentClockOptions;
  readonly #pieces = new Set<Piece>();
  readonly #here = new AsyncLocalStorage<Piece>();
  readonly #timers = new Set<Timer>();
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
  readonly #awaitingReport: (() => void)[] = [];
  #closes = 0;
  #timerCount = 0;
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
    const onAbort = () => {
      wake(() => {
        reject(signal?.reason instanceof Error ? signal.reason : new Error('the sleep was ended'));
      });
    };
    const timer = this.#addTimer(due, () => {
      wake(resolve);
    });
    this.#change(piece, { waits: 1 });
    if (signal?.aborted) onAbort();
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
    const piece: Piece = { what, since: this.#now, waits: 0, calls: 0 };
    this.#pieces.add(piece);
    this.#active += 1;
    return this.#here.run(piece, async () => {
      try {
        return await run();
      } finally {
        if (isActive(piece)) this.#active -= 1;
        this.#pieces.delete(piece);
        this.#changed();
      }
    });
  }

  async outside<T>(what: string, run: () => Promise<T>): Promise<T> {
    return this.#during(this.#piece(what), { calls: 1 }, run);
  }

  async slot<T>(wait: Promise<T>): Promise<T> {
    return this.#during(this.#piece('slot'), { waits: 1 }, () => wait);
  }

  async socket<T>(connection: string, run: () => Promise<T>): Promise<T> {
    const piece = this.#piece(`socket ${connection}`);
    this.#waiting.add(connection);
    try {
      return await this.#during(piece, { waits: 1 }, run);
    } finally {
      this.#waiting.delete(connection);
    }
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

  // Towards the coordinator

  /** The time that a message names: another agent was granted it already. */
  heard(time: Instant): void {
    this.#now = Math.max(this.#now, time);
  }

  obey(grant: Grant): void {
    if (this.#revoked) return;
    if (this.#frozen) {
      this.#heldGrants.push(grant);
      return;
    }
    this.heard(grant.time);
    this.#obeyed = grant.number;
    if (grant.go) this.#fireDue();
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
  }

  /** What is open now, for whoever asks why nothing moves. */
  openWork(): { what: string; since: Instant }[] {
    return [...this.#pieces].filter(isActive).map(({ what, since }) => ({ what, since }));
  }

  #fireDue(): void {
    const due = [...this.#timers].filter((timer) => timer.due <= this.#now).sort((a, b) => a.due - b.due || a.number - b.number);
    for (const timer of due) {
      if (this.#timers.delete(timer)) timer.fire();
    }
  }

  #addTimer(due: Instant, fire: () => void): Timer {
    const timer = { due, number: this.#timerCount++, fire };
    if (!this.#revoked) this.#timers.add(timer);
    this.#changed();
    return timer;
  }

  #piece(call: string): Piece {
    const piece = this.#here.getStore();
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
      if (this.#frozen) await this.#frozen.promise;
      this.#change(piece, { waits: -(change.waits ?? 0), calls: -(change.calls ?? 0) });
      if (this.#revoked) await never();
    }
  }

  #change(piece: Piece, { waits = 0, calls = 0 }: { waits?: number; calls?: number }): void {
    const before = isActive(piece);
    piece.waits += waits;
    piece.calls += calls;
    if (!this.#pieces.has(piece)) return;
    this.#active += Number(isActive(piece)) - Number(before);
    this.#changed();
  }

  #count(counts: Record<string, number>, peer: string): void {
    counts[peer] = (counts[peer] ?? 0) + 1;
    this.#changed();
  }

  #changed(): void {
    if (this.#active > 0 || this.#reportScheduled || this.#revoked) return;
    this.#reportScheduled = true;
    // One macrotask later, so that whatever the last promise set off is counted first.
    setImmediate(() => {
      this.#reportScheduled = false;
      if (this.#active > 0 || this.#revoked || this.#frozen) return;
      this.#options.push(this.#report());
      for (const resolve of this.#awaitingReport.splice(0)) resolve();
    });
  }

  #report(): WorkReport {
    const nextDue = [...this.#timers].reduce<Instant | undefined>(
      (least, { due }) => (least === undefined || due < least ? due : least),
      undefined,
    );
    return {
      agent: this.#options.agent,
      number: ++this.#reports,
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
      ...(nextDue === undefined ? {} : { nextDue }),
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
