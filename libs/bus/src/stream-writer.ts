import type { Clock, Crossings, Work } from '@isesim/domain';
import { NatsError, type JetStreamClient } from 'nats';
import type { Interruption } from './interruption.ts';
import { fromHeader, headersWith, timeHeader } from './message-headers.ts';
import { isPermissionViolation } from './permission-violation.ts';
import type { StreamReader } from './stream-reader.ts';
import { isReadable, type Stored, type StoredMessage } from './stored-message.ts';
import type { Stream } from './streams.ts';

export interface StreamWriterOptions {
  readonly jetstream: JetStreamClient;
  /** Looks at what stands where a write should have gone. */
  readonly reader: StreamReader;
  readonly interruption: Interruption;
  /** Of whoever writes, `psn-1#2`. */
  readonly incarnation: string;
  readonly clock: Pick<Clock, 'now'> & Pick<Work, 'outside'> & Pick<Crossings, 'published'>;
}

/** Behind which sequence a write must come: the last one of its stream, or the last one under its subject, which holds nothing while it is new. */
export type Fence = number | { readonly lastOfSubject: number } | 'subject is new';

/** A write that named a sequence which is no longer the last: somebody else wrote since. */
export class OutdatedWrite extends Error {
  readonly subject: string;

  constructor(subject: string, options?: ErrorOptions) {
    super(`${subject} was not written: the stream has moved on since it was read`, options);
    this.name = 'OutdatedWrite';
    this.subject = subject;
  }
}

/** Writes into streams. Each write is stored once, also when the server dies before it has acknowledged it. */
export class StreamWriter {
  readonly #options: StreamWriterOptions;

  constructor(options: StreamWriterOptions) {
    this.#options = options;
  }

  /** The same again is no error, another under its subject is. */
  once<T>(stream: Stream<T>, subject: string, value: T): Promise<number> {
    return this.#write(stream, subject, value, {
      expect: { lastSubjectSequence: 0 },
      standing: () => this.#options.reader.last(stream, subject),
    });
  }

  /** Behind exactly `fence`. Rejects with `OutdatedWrite`. */
  fenced<T>(stream: Stream<T>, subject: string, value: T, fence: Fence): Promise<number> {
    const { reader } = this.#options;
    const standing = () => (typeof fence === 'number' ? reader.at(stream, fence + 1) : reader.last(stream, subject));
    return this.#write(stream, subject, value, {
      expect: expectedBy(fence),
      // Only when the server went away in between can what stands there be this very write.
      standing: async (again) => (again ? standing() : undefined),
    });
  }

  /** Whatever stands there already; this alone may be stored twice. */
  always<T>(stream: Stream<T>, subject: string, value: T): Promise<number> {
    return this.#write(stream, subject, value, { expect: {}, standing: () => Promise.resolve(undefined) });
  }

  #write<T>(stream: Stream<T>, subject: string, value: T, { expect, standing }: WriteRules<T>): Promise<number> {
    const { jetstream, interruption, incarnation, clock } = this.#options;
    const publish = () =>
      jetstream.publish(subject, JSON.stringify(value), {
        expect: { ...expect, streamName: stream.name },
        headers: headersWith({ [timeHeader]: clock.now(), [fromHeader]: incarnation }),
      });
    /** The sequence of what stands there, if it is as good as this write. */
    const instead = async (refusal: unknown, again: boolean) => {
      if (!isWrongSequence(refusal)) throw refusal;
      const stands = await standing(again).catch((unread: unknown) => ownSequence(unread, refusal, again));
      if (typeof stands === 'number') return stands;
      if (stands && isReadable(stands) && isSame(stream, stands, subject, value)) return stands.sequence;
      throw new OutdatedWrite(subject, { cause: refusal });
    };
    return clock.outside(`write ${subject}`, async () => {
      const sequence = await interruption.untilAnswered((again) => publish().then(({ seq }) => seq, (refusal: unknown) => instead(refusal, again)));
      clock.published(stream.name, sequence);
      return sequence;
    });
  }
}

function expectedBy(fence: Fence): WriteRules<unknown>['expect'] {
  if (typeof fence === 'number') return { lastSequence: fence };
  return { lastSubjectSequence: fence === 'subject is new' ? 0 : fence.lastOfSubject };
}

interface WriteRules<T> {
  readonly expect: { readonly lastSequence?: number; readonly lastSubjectSequence?: number };
  /** What stands where the write should have gone, and is as good if it is the same; `again`: it may be this very write. */
  readonly standing: (again: boolean) => Promise<Stored<T> | undefined>;
}

function isSame<T>(stream: Stream<T>, standing: StoredMessage<T>, subject: string, value: T): boolean {
  if (standing.subject !== subject) return false;
  return JSON.stringify(standing.value) === JSON.stringify(stream.schema.parse(JSON.parse(JSON.stringify(value))));
}

// JetStream's error for an expected last sequence that does not fit: of the stream, and of the subject.
const wrongLastSequence = [10071, 10070];

function isWrongSequence(error: unknown): boolean {
  const code = error instanceof NatsError ? error.api_error?.err_code : undefined;
  return code !== undefined && wrongLastSequence.includes(code);
}

/**
 * Whoever may write and not read (a PSN, alarms) cannot look at what stands after an interruption. Nobody else may write
 * there, so it is the write that went unacknowledged, and the refusal names its sequence.
 */
function ownSequence(unread: unknown, refusal: unknown, again: boolean): number {
  const sequence = /^wrong last sequence: (\d+)$/.exec(refusal instanceof NatsError ? (refusal.api_error?.description ?? '') : '')?.[1];
  if (!again || !isPermissionViolation(unread) || sequence === undefined) throw unread;
  return Number(sequence);
}
