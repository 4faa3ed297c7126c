import { microsoft365 } from '@isesim/bus';
import { AgentClock, Coordinator } from '@isesim/clock';
import { formatInstant, latestInstant, nameOf, Problem, type DeploymentNode, type Grant, type Instant } from '@isesim/domain';
import type { DeploymentOptions } from './deployment-options.ts';
import { operatorAgent, type ServerConnections } from './server-connections.ts';

export interface DeploymentClockOptions extends Pick<DeploymentOptions, 'launcher' | 'wall' | 'order' | 'onDefect'> {
  readonly start: Instant;
  readonly nodes: readonly DeploymentNode[];
  readonly connections: ServerConnections;
  readonly isRemote: (node: string) => boolean;
  readonly onStall: (blockers: readonly string[]) => void;
}

/** The deployment's clock: the coordinator, and the agent whose work is what the deployment itself does, or a person by it. */
export class DeploymentClock {
  readonly coordinator: Coordinator;
  readonly agent: AgentClock;
  readonly #options: DeploymentClockOptions;

  constructor(options: DeploymentClockOptions) {
    const { start, wall, order, nodes, launcher, onStall, onDefect } = options;
    const { clockLink } = launcher;
    this.#options = options;
    this.coordinator = new Coordinator({
      start,
      wall,
      order: order ?? (clockLink ? 'fixed' : 'as it comes'),
      names: [microsoft365, ...nodes.map(({ name }) => name)],
      send: (to, grant) => { this.#send(to, grant); },
      onStall,
      onDefect,
    });
    clockLink?.onReport((report) => { this.coordinator.received(report); });
    this.agent = new AgentClock({ agent: operatorAgent, start, push: (report) => { this.coordinator.received(report); }, onDefect });
  }

  /** Hears what comes over NATS, once there is a connection. */
  begin(): void {
    this.#options.connections.store.onReport((report) => { this.coordinator.received(report); });
    this.coordinator.admit(operatorAgent, { onlooker: true });
    this.agent.hello();
  }

  /** Does what a person waits for, at the time of day that it is. */
  async onDemand<T>(what: string, run: () => Promise<T>): Promise<T> {
    await this.coordinator.touch();
    this.agent.heard(this.coordinator.now());
    let pending = true;
    const done = this.agent.start(what, run).finally(() => { pending = false; });
    // Nobody would advance the clock for a person who waits for an answer that only a deadline brings.
    void this.agent.reported().then(() => this.coordinator.passUntil(() => !pending));
    return done;
  }

  /** Resolves when all that follows from what was done so far has been done. */
  async quiet(): Promise<void> {
    await this.agent.reported();
    await this.coordinator.quiet();
  }

  async advance(to: Instant): Promise<void> {
    if (!(to <= latestInstant)) throw new Problem('wrong input', 'too-late', `that is later than ${formatInstant(latestInstant)}, and simulated time ends there`, 'Name an earlier date, or a shorter duration.');
    await this.agent.reported();
    await this.coordinator.advance(to);
  }

  #send(to: string, grant: Grant): void {
    const { connections, launcher, isRemote } = this.#options;
    const name = nameOf(to);
    if (to === operatorAgent) {
      connections.operator.learn(grant.incarnations ?? {});
      this.agent.obey(grant);
    } else (launcher.clockLink && !isRemote(name) ? launcher.clockLink : connections.store).grant(name, grant);
  }
}
