import type { Msg, MsgHdrs } from 'nats';
import { headersOf, timeOf } from './message-headers.ts';
import type { Stream } from './streams.ts';

/** A message of a stream as it was stored. */
export interface StoredMessage<T> {
  readonly subject: string;
  readonly sequence: number;
  /** Simulated instant at which it was written. */
  readonly time: number;
  /** The last sequence that its write named; absent when it named none. */
  readonly fencedBehind: number | undefined;
  readonly value: T;
}

/** What stands in a stream and is not what the stream's schema says: whoever may write there may write anything. */
export interface UnreadableMessage {
  readonly sequence: number;
  readonly unreadable: string;
}

export type Stored<T> = StoredMessage<T> | UnreadableMessage;

export function isReadable<T>(message: Stored<T>): message is StoredMessage<T> {
  return !('unreadable' in message);
}

/** True when the server says that there is no such message. A stored one has a sequence, whatever status its writer gave it. */
export function isAbsent(message: Msg): boolean {
  const all = headersOf(message);
  return all?.code === 404 && !all.has('Nats-Sequence');
}

/** Undefined when the headers do not tell for certain which message it is. */
export function readStored<T>(stream: Stream<T>, message: Msg): Stored<T> | undefined {
  const all = headersOf(message);
  const subject = fromServer(all, 'Nats-Subject');
  const sequence = Number(fromServer(all, 'Nats-Sequence') ?? NaN);
  if (subject === undefined || !Number.isSafeInteger(sequence)) return undefined;
  const value = parsed(stream, message);
  if ('unreadable' in value) return { sequence, unreadable: `${subject}: ${value.unreadable}` };
  // The server stores the fence that a write named, so a reader can tell a fenced write from another.
  const fence = all?.get('Nats-Expected-Last-Sequence') ?? '';
  return { subject, sequence, time: timeOf(all), fencedBehind: fence === '' ? undefined : Number(fence), value: value.value };
}

/**
 * A header that the server adds to what it delivers. It adds it behind the writer's own headers, so one that is there twice
 * was forged by the writer: the first is the forgery on the servers we know, and we do not rest on that.
 */
function fromServer(all: MsgHdrs | undefined, name: string): string | undefined {
  const values = all?.values(name) ?? [];
  return values.length === 1 ? values[0] : undefined;
}

function parsed<T>(stream: Stream<T>, message: Msg): { value: T } | { unreadable: string } {
  try {
    const { data, error } = stream.schema.safeParse(message.json());
    return error ? { unreadable: `${error.issues[0]?.path.join('.') ?? ''} ${error.issues[0]?.message ?? ''}`.trim() } : { value: data };
  } catch {
    return { unreadable: 'is not JSON' };
  }
}
