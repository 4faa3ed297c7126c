import type { Socket } from 'node:net';
import { formatDuration, NetworkError, type Connection, type Trace, type World } from '@isesim/domain';

/** The part of the world that mail needs; all contact with the outside goes through it. `trace` hears what happens there. */
export type MailWorld = Pick<World, 'network' | 'clock' | 'work'> & { readonly trace?: Trace };

/**
 * Waits for the far end of `connection`, at most `timeoutMs` of simulated time: then the socket is destroyed and an
 * ETIMEDOUT thrown. `run` starts the exchange; `isWhole` says whether it was a whole message or request that went out. One wait at a
 * time on a connection.
 */
export async function awaitFarEnd<T>(
  { clock, work }: MailWorld,
  connection: Connection,
  timeoutMs: number,
  run: () => Promise<T>,
  isWhole: () => boolean = () => false,
): Promise<T> {
  const due = clock.now() + timeoutMs;
  await connection.way?.sending(due);
  using deadline = clock.deadline(due);
  try {
    return await work.socket(connection.name, () => unlessExpired(run(), deadline, connection, timeoutMs));
  } finally {
    if (isWhole()) connection.way?.answered();
  }
}

/** Destroys the connection; done when its socket is closed, which simulated time may not overtake. */
export async function closeConnection({ work }: MailWorld, { socket, name }: Connection): Promise<void> {
  if (socket.closed) return;
  await work.outside(`close ${name}`, () => closed(socket));
}

/**
 * Ends the wait in the very turn in which the deadline passes: the work is open again before anybody can take the
 * dying connection for one that merely waits.
 */
function unlessExpired<T>(answer: Promise<T>, deadline: AbortSignal, { socket }: Connection, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const expire = (): void => {
      reject(new NetworkError('ETIMEDOUT', `no answer within ${formatDuration(timeoutMs)}`));
      socket.destroy();
    };
    deadline.addEventListener('abort', expire, { once: true });
    void answer.then(resolve, reject).finally(() => deadline.removeEventListener('abort', expire));
  });
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
    socket.destroy();
  });
}
