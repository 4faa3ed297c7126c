import { Bus } from '@isesim/bus';
import type { ClockEnd, NodeBoot } from '@isesim/domain';
import { openOAuthMail, type OAuthMail } from '@isesim/oauth-mail';
import { NatsWay } from './nats-way.ts';
import { incarnationOf, nodeWorld, type NodeWorld } from './node-world.ts';
import { OwedAlarms } from './owed-alarms.ts';
import { Reach } from './reach.ts';
import { reachableBus, type NodeBus } from './reachable-bus.ts';

/** What a node is made of before it has joined. */
export interface NodeParts {
  readonly boot: NodeBoot;
  readonly world: NodeWorld;
  /** The connection to NATS. */
  readonly bus: Bus;
  /** The bus as far as the node reaches now. */
  readonly reachable: NodeBus;
  readonly reach: Reach;
  readonly way: NatsWay;
  readonly owed: OwedAlarms;
  readonly mail: OAuthMail;
  /** Leads to the coordinator of the clock. */
  readonly end: ClockEnd;
  readonly onDefect: (what: string, error: unknown) => void;
}

export interface NodePartsOptions {
  readonly onDefect: (what: string, error: unknown) => void;
  readonly clockEnd: ClockEnd | undefined;
}

/** Builds the node's world and connects to NATS: a node that has no folder to write to does not even connect. */
export async function openParts(boot: NodeBoot, { onDefect, clockEnd }: NodePartsOptions): Promise<NodeParts> {
  const { name } = boot.node;
  const world = nodeWorld(boot, { push: (report) => { end.report(report); }, onDefect });
  const { clock, network, store, links } = world;
  const bus = await Bus.connect({ ...boot.nats, deployment: boot.deployment, name, incarnation: incarnationOf(boot), clock, onDefect });
  const end: ClockEnd = clockEnd ?? bus;
  const start = (what: string, run: () => Promise<void>) => {
    void clock.start(what, run).catch((error: unknown) => { onDefect(what, error); });
  };
  const reach = new Reach({ node: name, start });
  const way = new NatsWay(links);
  const owed = new OwedAlarms({ bus, reach, way, store, clock, start });
  const reachable = reachableBus({ bus, node: name, reach, way, owed, clock });
  const mail = openOAuthMail({ network, clock, work: clock });
  return { boot, world, bus, reachable, reach, way, owed, mail, end, onDefect };
}
