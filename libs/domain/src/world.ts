import type { Socket } from 'node:net';
import type { Instant } from './instant.ts';
import type { ItemKind } from './work-report.ts';

/**
 * All that node code may touch of the outside: handed in, so that time can be simulated, a node can be cut off, and
 * several nodes can live in one process. Why `Clock` and `Work` are shaped so: docs/architecture.md, "Time".
 */
export interface World {
  readonly clock: Clock;
  readonly work: Work;
  readonly network: Network;
  readonly store: Store;
  readonly random: Random;
  readonly log: Log;
}

export interface Clock {
  /** The same value during one piece of work, until it awaits the clock. */
  now(): Instant;
  sleep(until: Instant | { readonly ms: number }, signal?: AbortSignal): Promise<void>;
  /** Starts `work`, a piece of work named `what`, at `due`. */
  at(due: Instant, what: string, work: () => Promise<void>): Cancel;
  /** Aborts at `due`. Dispose of it, else it stays as something that is due. */
  deadline(due: Instant): AbortSignal & Disposable;
}
export type Cancel = () => void;

/**
 * Counts open work, so that time passes only when everything is done. For the adapters (network, bus, store, mail): the
 * code of a persona meets it through them.
 */
export interface Work {
  /**
   * Opens a named piece of work: open until `run` settles, save while it waits in one of the ways below. From within another
   * piece it is not awaited, since its turn may come only when that one has ended or waits.
   */
  start<T>(what: string, run: () => Promise<T>): Promise<T>;
  /**
   * Work that touches nothing but this agent's own disk: time may not pass it, but whatever else there is to do goes on meanwhile.
   * Its failure is a defect.
   */
  aside(what: string, run: () => Promise<void>): void;
  /** A real wait that simulated time may not pass: disk, cryptography, a foreign promise. */
  outside<T>(what: string, run: () => Promise<T>): Promise<T>;
  /** Waits for other work of this same agent: a pool slot, a token that is on its way. */
  slot<T>(wait: Promise<T>): Promise<T>;
  /** Waits for the far end of `connection` (`address:port` of the near end); time may pass only while that end sleeps. */
  socket<T>(connection: string, run: () => Promise<T>): Promise<T>;
}

/** What crosses the border of an agent, counted before it leaves and when it is taken. For the bus and the network. */
export interface Crossings {
  /** Stream writes: open from before the publish until its acknowledgement names the sequence. */
  published(stream: string, sequence: number): void;
  /** A stream's message, taken in order; from the first call on the stream counts as followed. */
  taken(stream: string, sequence: number): void;
  asked(peer: string): void;
  askTaken(peer: string): void;
  answered(peer: string): void;
  answerTaken(peer: string): void;
  /** A connection to the double is being closed: counted before the close leaves. */
  closed(): void;
  /** Waits for a peer's answer, which is counted apart. */
  reply<T>(wait: Promise<T>): Promise<T>;
  /**
   * Something has come in, and `begin` is what it sets off: at once, or when its turn comes among all that has come in to any
   * agent. `order` places it among its kind. Undefined when it has begun, else resolves when it does.
   */
  enters(kind: Exclude<ItemKind, 'work'>, order: readonly (string | number)[], begin: () => void): Promise<void> | undefined;
}

export interface Connection {
  readonly socket: Socket;
  /** `address:port` of the near end, as the far end sees it: the key for `Work.socket`. */
  readonly name: string;
  /** The proxy that it goes through, `host:port`; none when left out. */
  readonly proxy?: string;
  /** What the way to the far end does to what goes over it; nothing when left out. */
  readonly way?: Way;
}

/** The way of one connection, as faults have made it. Throws a `NetworkError`. */
export interface Way {
  /** Before something is sent of which the answer must be there at `due`. */
  sending(due: Instant): Promise<void>;
  /** When the far end has answered a whole message or request, and before the answer counts. */
  answered(): void;
}

export interface Network {
  /** The node's own name for EHLO. */
  readonly fqdn: string;
  /**
   * Opens a TCP connection from the node's own address. Throws a `NetworkError` with a system error code
   * (ENOTFOUND, ECONNREFUSED, ETIMEDOUT …). `timeoutMs` is simulated time.
   */
  connect(host: string, port: number, options: { readonly timeoutMs: number }): Promise<Connection>;
  /** The proxy, `host:port`, through which the settings held now lead to `host`; undefined for the direct way. */
  proxyFor?(host: string): string | undefined;
  /** The address to which a name leads, as the node resolves it. Throws a `NetworkError`. For traces: `connect` resolves by itself. */
  lookUp?(host: string): string;
  /** PEM certificates that the node trusts for TLS with `host`, from the configuration it holds now. */
  trustedCertificates(host: string): readonly string[];
}

/** Why a connection could not be had, with the code that the system would give. */
export class NetworkError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'NetworkError';
    this.code = code;
  }
}

/** The node's own folder. */
export interface Store {
  read(name: string): Promise<string | undefined>;
  /** Replaces the file whole: a kill leaves the old or the new text, never half of one. */
  write(name: string, text: string): Promise<void>;
}

/** Randomness by cause, not by order of drawing: the same seed, node and cause give the same values. */
export interface Random {
  /** `length` characters of `alphabet`. */
  text(cause: string, length: number, alphabet?: string): string;
  /** A number from 0 up to, not including, 1. */
  fraction(cause: string): number;
}

export type LogLevel = 'ERROR' | 'WARN' | 'INFO' | 'DEBUG';

/** One entry of guest.log. */
export interface LogLine {
  readonly level: LogLevel;
  readonly thread: string;
  /** The class that logs, as ISE names it. */
  readonly logger: string;
  /** The user in whose name it happens; empty when there is none. */
  readonly user: string;
  readonly message: string;
}

export interface Log {
  write(line: LogLine): void;
}
