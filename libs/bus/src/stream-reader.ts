import type { Work } from '@isesim/domain';
import { ErrorCode, NatsError, type Msg, type NatsConnection } from 'nats';
import { noAnswer, type Interruption } from './interruption.ts';
import { headersOf } from './message-headers.ts';
import { directGet } from './rights.ts';
import { isAbsent, readStored, type Stored } from './stored-message.ts';
import type { Stream } from './streams.ts';

export interface StreamReaderOptions {
  readonly connection: NatsConnection;
  /** Prefix of the agent's own inboxes. */
  readonly inbox: string;
  readonly work: Work;
  readonly interruption: Interruption;
  /** Real time after which a server that does not answer is named. */
  readonly timeoutMs: number;
}

/**
 * Reads streams by sequence or subject. Over an inbox of its own: the client's requests trip over headers that whoever wrote
 * the message chose.
 */
export class StreamReader {
  readonly #options: StreamReaderOptions;
  readonly #asked = new Map<string, { readonly subject: string; readonly settle: (answer: Msg | Error) => void; readonly forget: () => void }>();
  #count = 0;

  constructor(options: StreamReaderOptions) {
    this.#options = options;
    options.connection.subscribe(`${options.inbox}.read.*`, {
      callback: (error, message) => {
        // Whoever may not hear answers here may not ask either, and is told when it does.
        if (!error) this.#asked.get(message.subject)?.settle(message);
      },
    });
  }

  /** The first message at or behind `sequence`. */
  async next<T>(stream: Stream<T>, sequence: number): Promise<Stored<T> | undefined> {
    const message = await this.#read(stream, { seq: sequence, next_by_subj: '>' });
    if (isAbsent(message)) return undefined;
    const stored = readStored(stream, message);
    if (stored) return stored;
    // Its headers do not say for certain where it stands, so it is looked for place by place.
    for (let place = sequence; ; place += 1) {
      const found = await this.at(stream, place);
      if (found) return found;
    }
  }

  at<T>(stream: Stream<T>, sequence: number): Promise<Stored<T> | undefined> {
    return this.#one(stream, { seq: sequence }, sequence);
  }

  last<T>(stream: Stream<T>, subject: string): Promise<Stored<T> | undefined> {
    return this.#one(stream, { last_by_subj: subject }, NaN);
  }

  /** Resolves when the server has answered a read of `stream`, whatever it says. */
  untilAnswered(stream: Stream<unknown>, query: object = { seq: 1 }): Promise<Msg> {
    return this.#options.interruption.untilAnswered(() => this.#request(directGet(stream.name), query));
  }

  /** The server does not let this connection publish on `subject`: whoever reads there learns it. */
  denied(denied: string): void {
    for (const { subject, settle } of this.#asked.values()) {
      if (subject === denied) settle(new NatsError(`these credentials may not read ${subject}`, ErrorCode.PermissionsViolation));
    }
  }

  /** Asks for nothing more: who waits for an answer waits for ever, as in a process that has ended. */
  close(): void {
    for (const { forget } of this.#asked.values()) forget();
    this.#asked.clear();
  }

  async #one<T>(stream: Stream<T>, query: object, sequence: number): Promise<Stored<T> | undefined> {
    const message = await this.#read(stream, query);
    if (isAbsent(message)) return undefined;
    return readStored(stream, message) ?? { sequence, unreadable: 'its headers are forged or cannot be read' };
  }

  #read(stream: Stream<unknown>, query: object): Promise<Msg> {
    return this.#options.work.outside(`read ${stream.name}`, () => this.untilAnswered(stream, query));
  }

  #request(subject: string, query: object): Promise<Msg> {
    const { connection, inbox: inboxes, timeoutMs } = this.#options;
    const inbox = `${inboxes}.read.${++this.#count}`;
    return new Promise((resolve, reject) => {
      const forget = () => {
        clearTimeout(timer);
        endRepeating();
      };
      const settle = (answer: Msg | Error) => {
        forget();
        this.#asked.delete(inbox);
        if (answer instanceof Error) reject(answer);
        else if (isNoResponder(answer)) reject(new NatsError(`nobody answers on ${subject}`, ErrorCode.NoResponders));
        else resolve(answer);
      };
      const say = () => { connection.publish(subject, JSON.stringify(query), { reply: inbox }); };
      // Throws on a connection that is closed: then nothing is repeated.
      say();
      const timer = setTimeout(() => { settle(noAnswer(`nothing came on ${subject} within ${timeoutMs / 1000} s`)); }, timeoutMs);
      const endRepeating = repeatEverMoreSeldom(say);
      this.#asked.set(inbox, { subject, settle, forget });
    });
  }
}

// nats-server chooses where an account gets its answers to other accounts when the first of them asks, and subscribes there a
// moment later: what others ask within that moment is answered to nobody. So it is after each start of the server, and a loaded
// machine draws the moment out (seen with 2.9.10; 2.14.5 has it too). To read again changes nothing, so it is done soon; then
// seldom, since the server may just be slow.
const repeatFirstMs = 100;
const repeatMostMs = 2_000;

/** Returns what ends it. */
function repeatEverMoreSeldom(say: () => void): () => void {
  let timer: NodeJS.Timeout;
  const after = (waitMs: number) => {
    timer = setTimeout(() => {
      say();
      after(Math.min(2 * waitMs, repeatMostMs));
    }, waitMs);
  };
  after(repeatFirstMs);
  return () => { clearTimeout(timer); };
}

/** The server's own word that nobody listens there: an empty message with status 503. */
function isNoResponder(message: Msg): boolean {
  const all = headersOf(message);
  // A stored message may carry any status, but the server adds where it stands to what it reads out.
  return message.data.length === 0 && all?.code === 503 && !all.has('Nats-Stream');
}
