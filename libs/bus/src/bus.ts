import type { BusKey, Clock, Crossings, Grant, Work, WorkReport } from '@isesim/domain';
import { grantSchema, Problem, problemData, problemFrom, workReportSchema, type ProblemData } from '@isesim/domain';
import { connect, ErrorCode, Events, headers, NatsError, type JetStreamClient, type Msg, type MsgHdrs, type NatsConnection } from 'nats';
import type { z } from 'zod';
import { Follow, type StoredMessage } from './follow.ts';
import { signNonce } from './keys.ts';
import { requests, type Answers, type Takes, type Verb } from './requests.ts';
import { directGet } from './rights.ts';
import { streamsOf, subjectsOf, type Stream, type Streams, type Subjects } from './streams.ts';

export interface BusOptions {
  readonly url: string;
  readonly key: BusKey;
  readonly deployment: string;
  /** `psn-1`; also the token that names it in subjects. */
  readonly name: string;
  /** `psn-1#2` */
  readonly incarnation: string;
  /** How long to wait for an answer, in simulated time; `requestTimeoutMs` when left out. */
  readonly patienceMs?: number;
  /** Counts what crosses; the connection itself is the one place that touches the real network. */
  readonly clock: Clock & Work & Crossings & { heard(time: number): void };
}

// The simulated clock is what ends a wait; this real limit only names a server that never answers.
const serverTimeoutMs = 60_000;
/** How long a node waits for another's answer, in simulated time: a dead responder cannot refuse. */
export const requestTimeoutMs = 10_000;

const timeHeader = 'Isesim-Time';
const fromHeader = 'Isesim-From';
const toHeader = 'Isesim-To';

/** The only door to NATS: streams that are written once, read and followed; requests that name asker and responder. */
export class Bus {
  readonly streams: Streams;
  readonly subjects: Subjects;
  readonly #options: BusOptions;
  readonly #connection: NatsConnection;
  readonly #jetstream: JetStreamClient;
  readonly #incarnations = new Map<string, string>();
  readonly #awaited = new Map<string, (message: Msg) => void>();
  readonly #follows = new Set<Follow<unknown>>();
  readonly #local = new Map<Verb, (value: unknown, asker: string) => Promise<unknown>>();
  #interruption = interruption();
  #asks = 0;

  static async connect(options: BusOptions): Promise<Bus> {
    const connection = await connect({
      servers: options.url,
      name: options.incarnation,
      inboxPrefix: `_INBOX.${options.name}`,
      authenticator: (nonce) => ({ nkey: options.key.publicKey, sig: signNonce(options.key, nonce ?? '') }),
      maxReconnectAttempts: -1,
      reconnectTimeWait: 100,
      reconnectJitter: 50,
      ignoreClusterUpdates: true,
    });
    return new Bus(options, connection);
  }

  private constructor(options: BusOptions, connection: NatsConnection) {
    this.#options = options;
    this.#connection = connection;
    this.#jetstream = connection.jetstream({ timeout: serverTimeoutMs });
    this.streams = streamsOf(options.deployment);
    this.subjects = subjectsOf(options.deployment);
    connection.subscribe(`_INBOX.${options.name}.ask.*`, {
      callback: (_error, message) => {
        this.#awaited.get(message.subject)?.(message);
      },
    });
    void this.#watchConnection();
  }

  /** Writes a message that must exist once: writing the same again is no error, writing another under its subject is. */
  async writeOnce<T>(stream: Stream<T>, subject: string, value: T): Promise<number> {
    return this.#write(stream, subject, value, { expect: { lastSubjectSequence: 0 }, sameIsDone: true });
  }

  /**
   * Writes behind exactly `lastSequence` of the stream, or only if its subject holds nothing yet; else fails with
   * `OutdatedWrite`. The first is the fence of a role.
   */
  async writeFenced<T>(stream: Stream<T>, subject: string, value: T, fence: number | 'subject is new'): Promise<number> {
    const expect = fence === 'subject is new' ? { lastSubjectSequence: 0 } : { lastSequence: fence };
    return this.#write(stream, subject, value, { expect, sameIsDone: false });
  }

  async write<T>(stream: Stream<T>, subject: string, value: T): Promise<number> {
    return this.#write(stream, subject, value, { expect: {}, sameIsDone: false });
  }

  /** The last message under `subject`. */
  readLast<T>(stream: Stream<T>, subject: string): Promise<StoredMessage<T> | undefined> {
    return this.#read(stream, { last_by_subj: subject });
  }

  /** The first message at or behind `sequence`. */
  readNext<T>(stream: Stream<T>, sequence: number): Promise<StoredMessage<T> | undefined> {
    return this.#read(stream, { seq: sequence, next_by_subj: '>' });
  }

  /** All messages of a stream from `sequence` on, oldest first, up to the present end. */
  async *readAll<T>(stream: Stream<T>, sequence = 1): AsyncGenerator<StoredMessage<T>> {
    for (let next = sequence; ; ) {
      const message = await this.readNext(stream, next);
      if (!message) return;
      yield message;
      next = message.sequence + 1;
    }
  }

  /**
   * Takes every message of a stream in order, without gaps: the feed brings it live, reading by sequence closes gaps. Resolves
   * when the present end has been taken; `catchUp` on what it returns does that again.
   */
  async follow<T>(stream: Stream<T>, take: (message: StoredMessage<T>) => Promise<void> | void, from = 1): Promise<{ catchUp(): Promise<void> }> {
    const { clock } = this.#options;
    const follow = new Follow<T>({
      from,
      readNext: (sequence) => this.readNext(stream, sequence),
      take: (message) => {
        clock.heard(message.time);
        void clock.start(`${stream.name} ${message.sequence}`, async () => { await take(message); });
        clock.taken(stream.name, message.sequence);
      },
      work: clock,
      name: stream.name,
    });
    clock.taken(stream.name, from - 1);
    this.#connection.subscribe(`${stream.feed ?? ''}.>`, {
      callback: (_error, message) => {
        follow.arrived(stored(stream, message));
      },
    });
    await this.#connection.flush();
    this.#follows.add(follow as Follow<unknown>);
    await follow.catchUp();
    return follow;
  }

  /** Answers `verb`. A `Problem` that `answer` throws reaches the asker as such. */
  answer<V extends Verb>(verb: V, answer: (value: Takes<V>, asker: string) => Promise<Answers<V>>): void {
    const handle = async (value: unknown, asker: string) => answer(parse(requests[verb].takes, value) as Takes<V>, asker);
    this.#local.set(verb, handle);
    const subject = this.subjects.request(this.#options.name, verb, '*');
    this.#connection.subscribe(subject, { callback: (_error, message) => { this.#serve(verb, message, handle); } });
  }

  /** Asks `responder`; within this process when that is the node itself. */
  async ask<V extends Verb>(responder: string, verb: V, value: Takes<V>): Promise<Answers<V>> {
    const { name } = this.#options;
    const local = this.#local.get(verb);
    if (responder === name && local) return (await local(value, name)) as Answers<V>;
    const answer = await this.#askOver(responder, verb, value);
    if ('problem' in answer) throw problemFrom(answer.problem);
    return requests[verb].answers.parse(answer.value) as Answers<V>;
  }

  /** Incarnations of peers by name; a peer that is not named has never been restarted. */
  learn(incarnations: Readonly<Record<string, string>>): void {
    for (const [name, incarnation] of Object.entries(incarnations)) this.#incarnations.set(name, incarnation);
  }

  report(report: WorkReport): void {
    this.#connection.publish(this.subjects.work(this.#options.name), JSON.stringify(report));
  }

  async onGrant(obey: (grant: Grant) => void): Promise<void> {
    this.#connection.subscribe(this.subjects.grant(this.#options.name), {
      callback: (_error, message) => {
        obey(grantSchema.parse(message.json()));
      },
    });
    await this.#connection.flush();
  }

  onReport(received: (report: WorkReport) => void): void {
    this.#connection.subscribe(this.subjects.work('*'), {
      callback: (_error, message) => {
        received(workReportSchema.parse(message.json()));
      },
    });
  }

  grant(agent: string, grant: Grant): void {
    this.#connection.publish(this.subjects.grant(agent), JSON.stringify(grant));
  }

  /** The connection itself, for whoever makes streams. */
  get connection(): NatsConnection {
    return this.#connection;
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  #write<T>(stream: Stream<T>, subject: string, value: T, { expect, sameIsDone }: WriteRules): Promise<number> {
    const { clock } = this.#options;
    return clock.outside(`write ${subject}`, async () => {
      for (let mayStandAlready = sameIsDone; ; ) {
        const acknowledged = this.#jetstream.publish(subject, JSON.stringify(value), {
          expect: { ...expect, streamName: stream.name },
          headers: this.#headers(),
          timeout: serverTimeoutMs,
        });
        try {
          const { seq } = await Promise.race([acknowledged, this.#interruption.promise]);
          clock.published(stream.name, seq);
          return seq;
        } catch (error) {
          acknowledged.catch(() => undefined);
          if (error === interrupted) {
            // The server may have stored it and not lived to say so.
            mayStandAlready = true;
            await this.#interruption.over;
            continue;
          }
          if (!isWrongSequence(error)) throw error;
          const standing = mayStandAlready ? await this.readLast(stream, subject) : undefined;
          if (!standing || !isSame(stream, standing.value, value)) throw new OutdatedWrite(subject, { cause: error });
          clock.published(stream.name, standing.sequence);
          return standing.sequence;
        }
      }
    });
  }

  #read<T>(stream: Stream<T>, query: object): Promise<StoredMessage<T> | undefined> {
    return this.#options.clock.outside(`read ${stream.name}`, async () => {
      for (;;) {
        const answered = this.#connection.request(directGet(stream.name), JSON.stringify(query), { timeout: serverTimeoutMs });
        try {
          const message = await Promise.race([answered, this.#interruption.promise]);
          return message.headers?.code === 404 ? undefined : stored(stream, message);
        } catch (error) {
          answered.catch(() => undefined);
          if (error !== interrupted) throw error;
          await this.#interruption.over;
        }
      }
    });
  }

  async #askOver(responder: string, verb: Verb, value: unknown): Promise<Answer> {
    const { clock, name, patienceMs = requestTimeoutMs } = this.#options;
    const peer = this.#incarnationOf(responder);
    const inbox = `_INBOX.${name}.ask.${++this.#asks}`;
    using deadline = clock.deadline(clock.now() + patienceMs);
    clock.asked(peer);
    const answered = new Promise<Answer>((resolve, reject) => {
      this.#awaited.set(inbox, (message) => {
        this.#awaited.delete(inbox);
        clock.heard(timeOf(message.headers));
        clock.answerTaken(peer);
        resolve(message.json<Answer>());
      });
      deadline.addEventListener('abort', () => {
        reject(new Problem('refused', 'no-answer', `${responder} did not answer "${verb}" within ${patienceMs / 1000} s`, `Look at "isesim status": is ${responder} running and connected?`));
      }, { once: true });
    });
    this.#connection.publish(this.subjects.request(responder, verb, name), JSON.stringify(value), { reply: inbox, headers: this.#headers(peer) });
    // Awaited here: the deadline holds until this function is left.
    return await clock.reply(answered);
  }

  #serve(verb: Verb, message: Msg, handle: (value: unknown, asker: string) => Promise<unknown>): void {
    const { clock, incarnation } = this.#options;
    // Addressed to a predecessor that died: counted nowhere, so the asker's own deadline ends its wait.
    if (message.headers?.get(toHeader) !== incarnation) return;
    // Who asks stands in the subject, pinned by the asker's account; the header only adds which incarnation it is.
    const asker = message.subject.split('.').at(-1) ?? '';
    const claimed = message.headers.get(fromHeader);
    const peer = claimed.startsWith(`${asker}#`) ? claimed : asker;
    clock.heard(timeOf(message.headers));
    void clock.start(`${verb} for ${asker}`, async () => {
      const answer = await attempt(() => handle(message.json(), asker));
      clock.answered(peer);
      message.respond(JSON.stringify(answer), { headers: this.#headers(peer) });
    });
    clock.askTaken(peer);
  }

  #headers(to?: string): MsgHdrs {
    const all = headers();
    all.set(timeHeader, String(this.#options.clock.now()));
    all.set(fromHeader, this.#options.incarnation);
    if (to !== undefined) all.set(toHeader, to);
    return all;
  }

  #incarnationOf(name: string): string {
    return this.#incarnations.get(name) ?? `${name}#1`;
  }

  /** A server that went away may have stored a write without saying so: whoever waits is told, and asks again. */
  async #watchConnection(): Promise<void> {
    for await (const status of this.#connection.status()) {
      if (status.type === Events.Disconnect) this.#interruption.begin();
      if (status.type === Events.Reconnect) {
        this.#interruption.end();
        this.#interruption = interruption();
        for (const follow of this.#follows) void this.#options.clock.start('catch up', () => follow.catchUp());
      }
    }
  }
}

interface WriteRules {
  readonly expect: { readonly lastSequence?: number; readonly lastSubjectSequence?: number };
  /** True when the same value already standing there is what was wanted. */
  readonly sameIsDone: boolean;
}

function isSame<T>(stream: Stream<T>, standing: T, value: T): boolean {
  return JSON.stringify(standing) === JSON.stringify(stream.schema.parse(JSON.parse(JSON.stringify(value))));
}

type Answer = { value: unknown } | { problem: ProblemData };

async function attempt(run: () => Promise<unknown>): Promise<Answer> {
  try {
    return { value: await run() };
  } catch (error) {
    return { problem: problemData(error) };
  }
}

/** A write that named a sequence which is no longer the last: somebody else wrote since. */
export class OutdatedWrite extends Error {
  readonly subject: string;

  constructor(subject: string, options?: ErrorOptions) {
    super(`${subject} was not written: the stream has moved on since it was read`, options);
    this.name = 'OutdatedWrite';
    this.subject = subject;
  }
}

const interrupted = new Error('the connection to NATS was interrupted');

function interruption() {
  let begin!: () => void;
  let end!: () => void;
  const promise = new Promise<never>((_resolve, reject) => {
    begin = () => {
      reject(interrupted);
    };
  });
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  promise.catch(() => undefined);
  return { promise, over, begin, end };
}

// JetStream's error for an expected last sequence that does not fit: of the stream, and of the subject.
const wrongLastSequence = [10071, 10070];

function isWrongSequence(error: unknown): boolean {
  const code = error instanceof NatsError ? error.api_error?.err_code : undefined;
  return code !== undefined && wrongLastSequence.includes(code);
}

/** True when the server refused the credentials or a subject. */
export function isPermissionViolation(error: unknown): boolean {
  return error instanceof NatsError && (error.code === ErrorCode.PermissionsViolation.valueOf() || error.code === ErrorCode.AuthorizationViolation.valueOf());
}

function stored<T>(stream: Stream<T>, message: Msg): StoredMessage<T> {
  const header = (name: string) => message.headers?.get(name) ?? '';
  return {
    subject: header('Nats-Subject'),
    sequence: Number(header('Nats-Sequence')),
    time: timeOf(message.headers),
    // The server stores the fence that a write named, so a reader can tell a fenced write from another.
    fencedBehind: header('Nats-Expected-Last-Sequence') === '' ? undefined : Number(header('Nats-Expected-Last-Sequence')),
    value: stream.schema.parse(message.json()),
  };
}

function timeOf(all: MsgHdrs | undefined): number {
  const text = all?.get(timeHeader) ?? '';
  return text === '' ? 0 : Number(text);
}

function parse(schema: z.ZodType, value: unknown): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Problem('wrong input', 'request', `${issue?.path.join('.') ?? 'request'}: ${issue?.message ?? 'is not as it should be'}`, 'See "isesim --help" for the fields.');
}
