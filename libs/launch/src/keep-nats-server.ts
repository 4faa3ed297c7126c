import { setTimeout as wait } from 'node:timers/promises';
import { startNatsServer, type NatsServer, type NatsServerOptions } from './nats-server.ts';

export interface KeptNatsServer {
  readonly url: string;
  /** Process id of the server that runs now. */
  readonly pid: number;
  stop(): Promise<void>;
}

// The same reason may end it again at once. It is tried all the same, more and more seldom: somebody may free the disk that is full.
const pausesMs = [0, 0, 0, 1_000, 5_000, 15_000];
const atOnceMs = 5_000;

/** Starts nats-server and starts it again, on the same port and store, whenever it dies: clients reconnect, nothing stored is lost. */
export async function keepNatsServer(options: NatsServerOptions, onLost: (reason: string) => void): Promise<KeptNatsServer> {
  let server = await startNatsServer(options);
  const port = Number(new URL(server.url).port);
  const stopping = new AbortController();
  const { signal } = stopping;
  let endsAtOnce = 0;
  let startedAt = Date.now();
  let restarting: Promise<void> = Promise.resolve();

  const startAgain = async () => {
    while (!signal.aborted) {
      await wait(pausesMs[Math.min(endsAtOnce, pausesMs.length - 1)], undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      startedAt = Date.now();
      try {
        server = await startNatsServer({ ...options, port });
        watch(server);
        return;
      } catch (error) {
        endsAtOnce += 1;
        onLost(`nats-server could not start again: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
  const watch = (watched: NatsServer) => {
    void watched.gone.then((reason) => {
      if (signal.aborted) return;
      onLost(reason ?? 'nats-server ended');
      endsAtOnce = Date.now() - startedAt < atOnceMs ? endsAtOnce + 1 : 0;
      restarting = startAgain();
    });
  };
  watch(server);
  return {
    url: server.url,
    get pid() {
      return server.pid;
    },
    stop: async () => {
      stopping.abort();
      await restarting;
      await server.stop();
    },
  };
}
