import { startNatsServer, type NatsServer, type NatsServerOptions } from './nats-server.ts';

export interface KeptNatsServer {
  readonly url: string;
  /** Process id of the server that runs now. */
  readonly pid: number;
  stop(): Promise<void>;
}

// A server that dies again at once has a reason that another start does not mend.
const restartsMax = 5;
const atOnceMs = 5_000;

/** Starts nats-server and starts it again, on the same port and store, whenever it dies: clients reconnect, nothing stored is lost. */
export async function keepNatsServer(options: NatsServerOptions, onLost: (reason: string) => void): Promise<KeptNatsServer> {
  let server = await startNatsServer(options);
  const port = Number(new URL(server.url).port);
  let stopping = false;
  let restarts = 0;
  let startedAt = Date.now();
  let restarting: Promise<void> = Promise.resolve();

  const watch = (watched: NatsServer) => {
    void watched.gone.then((reason) => {
      if (stopping) return;
      onLost(reason ?? 'nats-server ended');
      restarts = Date.now() - startedAt < atOnceMs ? restarts + 1 : 0;
      if (restarts > restartsMax) {
        onLost(`nats-server died ${restarts} times at once and is not started again`);
        return;
      }
      startedAt = Date.now();
      restarting = startNatsServer({ ...options, port }).then((next) => {
        server = next;
        watch(next);
      }, (error: unknown) => {
        onLost(`nats-server could not start again: ${error instanceof Error ? error.message : String(error)}`);
      });
    });
  };
  watch(server);
  return {
    url: server.url,
    get pid() {
      return server.pid;
    },
    stop: async () => {
      stopping = true;
      await restarting;
      await server.stop();
    },
  };
}
