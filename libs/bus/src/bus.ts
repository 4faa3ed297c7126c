import { Problem, type Clock, type Crossings, type DeploymentNode, type Grant, type Work, type WorkReport } from '@isesim/domain';
import { connect, Events, type NatsConnection } from 'nats';
import type * as z from 'zod';
import { ClockLink } from './clock-link.ts';
import { connectOptions, type ServerAccess } from './connect-options.ts';
import { Follow } from './follow.ts';
import { Interruption } from './interruption.ts';
import { isRefusal, unreachable } from './look-at-server.ts';
import { RequestReply } from './request-reply.ts';
import { requests, type Answers, type Takes, type Verb } from './requests.ts';
import { isReadable, readStored, type Stored, type StoredMessage, type UnreadableMessage } from './stored-message.ts';
import { lastSequences } from './store.ts';
import { StreamReader } from './stream-reader.ts';
import { StreamWriter, type Fence } from './stream-writer.ts';
import { streamsOf, subjectsOf, type Stream, type Streams, type Subjects } from './streams.ts';

export interface BusOptions extends ServerAccess {
  readonly deployment: string;
  /** `psn-1`; also the token that names it in subjects. */
  readonly name: string;
  /** `psn-1#2` */
  readonly incarnation: string;
  /** How long to wait for an answer, in simulated time; `requestTimeoutMs` when left out. */
  readonly patienceMs?: number;
  /** Counts what crosses; the connection itself is the one place that touches the real network. */
  readonly clock: Clock & Work & Crossings & { heard(time: number): void };
  /** Told when what a followed message set off has failed; when left out, the failure is an unhandled rejection. */
  readonly onDefect?: (what: string, error: unknown) => void;
}

export interface FollowRules {
  /** The first sequence to take; 1 when left out. */
  readonly from?: number;
  /** Told, in its turn, of a message that is not what the stream holds. */
  readonly onUnreadable?: (message: UnreadableMessage) => Promise<void> | void;
}

// The simulated clock is what ends a wait; this real limit only names a server that never answers.
const serverTimeoutMs = 60_000;
// Then a write is tried again: what it expects of the stream tells whether the first try was stored.
const acknowledgedWithinMs = 10_000;
/** How long a node waits for another's answer, in simulated time: a dead responder cannot refuse. */
export const requestTimeoutMs = 10_000;
// What is in no stream is said again after an interruption, until everybody has had the time to reconnect.
const repeatAfterMs = [0, 250, 500, 1_000, 2_000, 4_000];

// One lost connection of many breaks no other; what it lost is found out by saying things again, seldom enough to cost nothing.
const beatMs = 2_000;

/** The only door to NATS: streams that are written once, read and followed; requests that name asker and responder. */
export class Bus {
  readonly streams: Streams;
  readonly subjects: Subjects;
  readonly #options: BusOptions;
  readonly #connection: NatsConnection;
  readonly #interruption = new Interruption();
  readonly #reader: StreamReader;
  readonly #writer: StreamWriter;
  readonly #requestReply: RequestReply;
  readonly #clockLink: ClockLink;
  readonly #beat: NodeJS.Timeout;
  readonly #follows = new Set<{ catchUp(): Promise<void> }>();
  readonly #local = new Map<Verb, (value: unknown, asker: string) => Promise<unknown>>();

  static async connect(options: BusOptions): Promise<Bus> {
    const connection = await connect({
      ...connectOptions(options),
      name: options.incarnation,
      inboxPrefix: subjectsOf(options.deployment).inbox(options.name),
      maxReconnectAttempts: -1,
      reconnectTimeWait: 100,
      reconnectJitter: 50,
      ignoreClusterUpdates: true,
    }).catch((error: unknown) => { throw isRefusal(error) ? error : unreachable(options.url, error); });
    return new Bus(options, connection);
  }

  private constructor(options: BusOptions, connection: NatsConnection) {
    const { name, clock } = options;
    this.#options = options;
    this.#connection = connection;
    this.streams = streamsOf(options.deployment);
    const subjects = subjectsOf(options.deployment);
    this.subjects = subjects;
    this.#reader = new StreamReader({ connection, inbox: subjects.inbox(name), work: clock, interruption: this.#interruption, timeoutMs: serverTimeoutMs });
    this.#writer = new StreamWriter({ jetstream: connection.jetstream({ timeout: acknowledgedWithinMs }), reader: this.#reader, interruption: this.#interruption, incarnation: options.incarnation, clock });
    this.#requestReply = new RequestReply({ connection, subjects, name, incarnation: options.incarnation, clock, patienceMs: options.patienceMs ?? requestTimeoutMs, ...(options.onDefect ? { onDefect: options.onDefect } : {}) });
    this.#clockLink = new ClockLink({ connection, name, subjects });
    void this.#watchConnection();
    this.#beat = setInterval(() => {
      if (this.#interruption.lasts || connection.isClosed()) return;
      this.#clockLink.beat();
      this.#requestReply.repeat();
    }, beatMs).unref();
  }

  /** Writes a message that must exist once: writing the same again is no error, writing another under its subject is. */
  writeOnce<T>(stream: Stream<T>, subject: string, value: T): Promise<number> {
    return this.#writer.once(stream, subject, value);
  }

  /** Writes where `fence` says, else fails with `OutdatedWrite`. Behind the last sequence of the stream is the fence of a role. */
  writeFenced<T>(stream: Stream<T>, subject: string, value: T, fence: Fence): Promise<number> {
    return this.#writer.fenced(stream, subject, value, fence);
  }

  /** Writes whatever stands there already. A write that the server does not live to acknowledge may be stored twice. */
  write<T>(stream: Stream<T>, subject: string, value: T): Promise<number> {
    return this.#writer.always(stream, subject, value);
  }

  /** The last message under `subject`. */
  async readLast<T>(stream: Stream<T>, subject: string): Promise<StoredMessage<T> | undefined> {
    const message = await this.#reader.last(stream, subject);
    return message !== undefined && isReadable(message) ? message : undefined;
  }

  /** Resolves when the server has answered a read of `stream`. No piece of work, so it can be asked by an agent that is not counted yet. */
  async untilAnswered(stream: Stream<unknown>): Promise<void> {
    await this.#reader.untilAnswered(stream);
  }

  /** All messages of a stream from `sequence` on, oldest first, up to the present end. */
  async *readAll<T>(stream: Stream<T>, sequence = 1): AsyncGenerator<StoredMessage<T>> {
    for (let next = sequence; ; ) {
      const message = await this.#reader.next(stream, next);
      if (!message) return;
      if (isReadable(message)) yield message;
      next = message.sequence + 1;
    }
  }

  /** The last sequence of each stream of the deployment, by its name: for the store's account. */
  lastSequences(nodes: readonly Pick<DeploymentNode, 'name' | 'personas'>[]): Promise<Record<string, number>> {
    return this.#interruption.untilAnswered(() => lastSequences(this.#connection, this.#options.deployment, nodes));
  }

  /**
   * Takes every message of a stream in order, without gaps: the feed brings it live, reading by sequence closes gaps. Resolves
   * when `take` has been called for the present end; `catchUp` on what it returns does that again.
   */
  async follow<T>(
    stream: Stream<T> & { readonly feed: string },
    take: (message: StoredMessage<T>) => Promise<void> | void,
    { from = 1, onUnreadable }: FollowRules = {},
  ): Promise<{ catchUp(): Promise<void> }> {
    const { clock } = this.#options;
    const follow = new Follow<Stored<T>>({
      name: stream.name,
      from,
      readNext: (sequence) => this.#reader.next(stream, sequence),
      take: (message) => {
        if (isReadable(message)) clock.heard(message.time);
        const begun = clock.enters('delivery', [stream.name, message.sequence], () => {
          this.#start(`${stream.name} ${message.sequence}`, async () => { await (isReadable(message) ? take(message) : onUnreadable?.(message)); });
        });
        clock.taken(stream.name, message.sequence);
        return begun;
      },
      work: clock,
      start: (what, run) => { this.#start(what, run); },
    });
    clock.taken(stream.name, from - 1);
    await this.#subscribeFeed(stream, follow);
    this.#follows.add(follow);
    await follow.catchUp();
    return follow;
  }

  /** Answers `verb`. A `Problem` that `answer` throws reaches the asker as such. */
  answer<V extends Verb>(verb: V, answer: (value: Takes<V>, asker: string) => Promise<Answers<V>>): void {
    const handle = async (value: unknown, asker: string) => answer(parse(requests[verb].takes, value) as Takes<V>, asker);
    this.#local.set(verb, handle);
    this.#requestReply.answer(verb, handle);
  }

  /** Asks `responder`; within this process when that is the node itself. `patienceMs`: for what takes longer than is usual. */
  async ask<V extends Verb>(responder: string, verb: V, value: Takes<V>, patienceMs?: number): Promise<Answers<V>> {
    const { name } = this.#options;
    const local = this.#local.get(verb);
    if (responder === name && local) return (await local(value, name)) as Answers<V>;
    const { data, error } = requests[verb].answers.safeParse(await this.#requestReply.ask(responder, verb, value, patienceMs));
    if (error) throw new Problem('refused', 'no-answer', `${responder} answered "${verb}" with what is no answer`, `Look at its log: isesim logs ${responder}`, { cause: error });
    return data as Answers<V>;
  }

  /** Incarnations of peers by name; a peer that is not named has never been restarted. */
  learn(incarnations: Readonly<Record<string, string>>): void {
    this.#requestReply.learn(incarnations);
  }

  report(report: WorkReport): void {
    this.#clockLink.report(report);
  }

  async onGrant(obey: (grant: Grant) => void): Promise<void> {
    this.#clockLink.onGrant(obey);
    await this.#flush();
  }

  onReport(received: (report: WorkReport) => void): void {
    this.#clockLink.onReport(received);
  }

  grant(agent: string, grant: Grant): void {
    this.#clockLink.grant(agent, grant);
  }

  /** The connection itself, for whoever makes streams. */
  get connection(): NatsConnection {
    return this.#connection;
  }

  async close(): Promise<void> {
    clearInterval(this.#beat);
    this.#reader.close();
    await this.#connection.close();
  }

  async #subscribeFeed<T>(stream: Stream<T> & { readonly feed: string }, follow: Follow<Stored<T>>): Promise<void> {
    let refused: Error | undefined;
    this.#connection.subscribe(`${stream.feed}.>`, {
      callback: (error, message) => {
        if (error) {
          refused = error;
          return;
        }
        const stored = readStored(stream, message);
        if (stored) follow.arrived(stored);
        else follow.gap();
      },
    });
    await this.#flush();
    if (refused) throw refused;
  }

  /** Resolves when the server knows of every subscription so far. */
  #flush(): Promise<void> {
    return this.#interruption.untilAnswered(() => this.#connection.flush());
  }

  #start(what: string, run: () => Promise<void>): void {
    const { clock, onDefect } = this.#options;
    const started = clock.start(what, run);
    void (onDefect ? started.catch((error: unknown) => { onDefect(what, error); }) : started);
  }

  async #watchConnection(): Promise<void> {
    for await (const { type, permissionContext: denied } of this.#connection.status()) {
      if (type === Events.Disconnect) this.#interruption.begin();
      if (type === Events.Reconnect) void this.#resume();
      if (type === Events.Error && denied?.operation === 'publish') {
        this.#reader.denied(denied.subject);
        this.#requestReply.denied(denied.subject);
      }
    }
  }

  /** What is in a stream is read from there; all else may have been lost with the server and is said again. */
  async #resume(): Promise<void> {
    this.#interruption.end();
    for (const follow of this.#follows) this.#start('catch up', () => follow.catchUp());
    for (const waitMs of repeatAfterMs) {
      await new Promise((resolve) => { setTimeout(resolve, waitMs).unref(); });
      if (this.#interruption.lasts || this.#connection.isClosed()) return;
      this.#requestReply.repeat();
      this.#clockLink.repeat();
    }
  }
}

function parse(schema: z.ZodType, value: unknown): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Problem('wrong input', 'request', `${issue?.path.join('.') ?? 'request'}: ${issue?.message ?? 'is not as it should be'}`, 'Correct this field; --help of the verb shows them all.');
}
