import { answerPresence, Bus, createStreams, markKept, operator, removeStreams, unmarkKept, type BusOptions } from '@isesim/bus';
import type { DeploymentNode } from '@isesim/domain';
import type { DeploymentOptions } from './deployment-options.ts';
import { personsPatienceMs } from './settings-pages.ts';

export interface ServerConnectionsOptions extends Pick<DeploymentOptions, 'nats' | 'credentials' | 'memory' | 'onDefect'> {
  readonly deployment: string;
  readonly nodes: readonly DeploymentNode[];
}

/** The operator's incarnation: it lives as long as the deployment does. */
export const operatorAgent = `${operator}#1`;

/** The deployment's own connections to NATS, the store's and the operator's, and what of it lies on the server. */
export class ServerConnections {
  readonly #options: ServerConnectionsOptions;
  #opened: { readonly store: Bus; readonly operator: Bus } | undefined;

  constructor(options: ServerConnectionsOptions) {
    this.#options = options;
  }

  /** May read and write all streams. */
  get store(): Bus {
    return this.#now.store;
  }

  /** Asks on a person's behalf. */
  get operator(): Bus {
    return this.#now.operator;
  }

  /** Connects, and makes the streams that are not there yet. */
  async open(clock: BusOptions['clock']): Promise<void> {
    const { credentials, nats, memory, nodes, deployment, onDefect } = this.#options;
    const connection = { url: nats.url, login: nats.login, deployment, clock, onDefect };
    const [store, asking] = await Promise.all([
      Bus.connect({ ...connection, key: credentials.store, name: 'store', incarnation: 'store#1' }),
      Bus.connect({ ...connection, key: credentials.operator, name: operator, incarnation: operatorAgent, patienceMs: personsPatienceMs }),
    ]);
    this.#opened = { store, operator: asking };
    answerPresence(store.connection, deployment);
    await createStreams(store.connection, deployment, nodes);
    if (memory) await unmarkKept(store.connection, deployment);
  }

  /** `keep`: on a server that lives on its streams stay, so that it can go on later. */
  async close(keep: boolean): Promise<void> {
    if (!this.#opened) return;
    const { store, operator } = this.#opened;
    try {
      if (this.#options.nats.livesOn === true) await (keep ? markKept : removeStreams)(store.connection, this.#options.deployment);
    } finally {
      await Promise.allSettled([operator.close(), store.close()]);
    }
  }

  get #now(): { readonly store: Bus; readonly operator: Bus } {
    if (this.#opened) return this.#opened;
    throw new RangeError('there is no connection to NATS yet');
  }
}
