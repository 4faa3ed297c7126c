import { AgentClock } from '@isesim/clock';
import { logComponentOf, logLevelOf, seededRandom, type HeldConfiguration, type NodeBoot, type World, type WorkReport } from '@isesim/domain';
import { emptyConfiguration } from '@isesim/settings-replication';
import { fileStore } from './file-store.ts';
import { guestLog } from './guest-log.ts';
import { LinkFaults } from './link-faults.ts';
import { nodeNetwork, type NodeNetwork } from './node-network.ts';

/** A node's world, as far as the node's own start needs more of it than its personas do. */
export interface NodeWorld extends World {
  readonly clock: AgentClock;
  readonly network: NodeNetwork;
  readonly store: ReturnType<typeof fileStore>;
  /** The faults on the ways that its network goes. */
  readonly links: LinkFaults;
  /** What the network trusts, and what the log leaves out; empty until `follow`. */
  held(): HeldConfiguration;
  follow(settings: { held(): HeldConfiguration }): void;
}

export interface NodeWorldOptions {
  /** Takes the clock's reports to the coordinator. */
  readonly push: (report: WorkReport) => void;
  readonly onDefect: (what: string, error: unknown) => void;
}

/** The one place where a node gets its clock, its folder, its network, its randomness and its log. */
export function nodeWorld(boot: NodeBoot, { push, onDefect }: NodeWorldOptions): NodeWorld {
  const { node, hosts, proxy } = boot;
  let settings: { held(): HeldConfiguration } | undefined;
  const held = () => settings?.held() ?? emptyConfiguration;
  const clock = new AgentClock({ agent: incarnationOf(boot), start: boot.time, push, onDefect });
  const random = seededRandom(boot.seed, node.name);
  const links = new LinkFaults({ clock, random });
  return {
    clock,
    work: clock,
    random,
    links,
    log: guestLog(boot.folder, clock, (logger) => logLevelOf(held().pages['log-levels']?.levels ?? [], node.name, logComponentOf(logger))),
    store: fileStore(boot.folder, clock),
    network: nodeNetwork({ node, hosts, proxy, held, faults: links, clock }),
    held,
    follow: (followed) => { settings = followed; },
  };
}

export function incarnationOf({ node, incarnation }: NodeBoot): string {
  return `${node.name}#${incarnation}`;
}
