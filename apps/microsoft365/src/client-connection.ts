import type { Socket } from 'node:net';
import type { Clock, Work } from '@isesim/domain';
import type { RunningNumbers } from './running-numbers.ts';

/** What the double needs of `Work` besides: simulated waits belong to a client's connection, and closes are counted. */
export interface DoubleWork extends Work {
  /** A client has connected, from this `address:port`. */
  connectionOpened(connection: string): void;
  /** The client on `connection` waits for simulated time while `run` does. */
  sleeping<T>(connection: string, run: () => Promise<T>): Promise<T>;
  /** `connection` is closed, and nothing is done for it any more. Once each. */
  connectionClosed(connection: string): void;
}

export interface ConnectionWorld {
  readonly clock: Clock;
  readonly work: DoubleWork;
  /** So that no two requests or sessions have the same ids. */
  readonly numbers: RunningNumbers;
  /** Told of what should not happen; the client gets the answer of a server in trouble. */
  readonly onDefect: (what: string, error: unknown) => void;
}

/** One client's connection: names it, counts the work that is done for it, and tells once that it is closed. */
export class ClientConnection {
  /** Plain IPv4 where it is one. */
  readonly address: string;
  /** `address:port` of the client's end. */
  readonly name: string;
  readonly #world: ConnectionWorld;
  readonly #open = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor(socket: Socket, world: ConnectionWorld) {
    this.address = plainAddress(socket);
    this.name = clientName(socket);
    this.#world = world;
    world.work.connectionOpened(this.name);
  }

  /** Does what a command or request asks for, once it is read whole. Never rejects: `inTrouble` answers for a defect. */
  during(what: string, run: () => Promise<void>, inTrouble: () => void): Promise<void> {
    // Nothing may begin after the close was told; that the client did not wait for the answer leaves it indefinite.
    if (this.#closing.signal.aborted) return Promise.resolve();
    const name = `${what} from ${this.name}`;
    const work = this.#world.work.start(name, run).catch((error: unknown) => {
      if (this.#closing.signal.aborted) return;
      this.#world.onDefect(name, error);
      inTrouble();
    });
    this.#open.add(work);
    return work.finally(() => this.#open.delete(work));
  }

  /** A simulated wait, of which the client waits for the end; ends with an error when the client goes away. */
  async sleep(ms: number): Promise<void> {
    if (ms > 0) await sleepFor(this.name, ms, this.#closing.signal, this.#world);
  }

  /** To be called when the socket has closed, or when the double itself ends the connection: time then waits for the client's own close. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(new Error(`${this.name} closed its connection`));
    await Promise.all(this.#open);
    this.#world.work.connectionClosed(this.name);
  }
}

/** `address:port` of the client's end of a socket. */
export function clientName(socket: Socket): string {
  return `${plainAddress(socket)}:${socket.remotePort ?? 0}`;
}

function plainAddress({ remoteAddress = '' }: Socket): string {
  return remoteAddress.replace(/^::ffff:/, '');
}

/** The one place where the double lets simulated time pass. */
async function sleepFor(connection: string, ms: number, signal: AbortSignal, { clock, work }: ConnectionWorld): Promise<void> {
  await work.sleeping(connection, () => clock.sleep({ ms }, signal));
  signal.throwIfAborted();
}
