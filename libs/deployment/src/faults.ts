import { dnsName, isLinkFault, natsCutOf, natsName, Problem, type Fault, type NatsCut, type StandingFaults } from '@isesim/domain';
import type { StandingAtFirst } from './memory.ts';
import { noSuchNode } from './no-such-node.ts';

export interface FaultsOptions {
  readonly nodes: readonly string[];
  /** The host names that ISE uses. */
  readonly hosts: readonly string[];
}

/** As it is listed: a fault, or a node that is cut off from the others. */
export type Disturbance = Fault | { readonly fault: 'isolated'; readonly node: string };

/** What is to be healed: all of it, or what meets `node`, or what stands on the way `to` a host. */
export interface Healed {
  readonly node?: string | undefined;
  readonly to?: string | undefined;
}

const tokenHost = 'login.microsoftonline.com';
const exchangeHost = 'smtp.office365.com';

/** All faults that stand in a deployment, and what of them each agent is to know. */
export class Faults {
  readonly #options: FaultsOptions;
  readonly #isolated = new Set<string>();
  readonly #hosts: Set<string>;
  #standing: readonly Fault[] = [];

  constructor(options: FaultsOptions) {
    this.#options = options;
    this.#hosts = new Set(options.hosts.map(dnsName));
  }

  /** ISE uses this host, too, from now on. */
  learnHost(host: string): void {
    this.#hosts.add(dnsName(host));
  }

  /** Throws a `Problem` when the fault names a node or host that is not there. */
  add(typed: Fault): void {
    const fault = isLinkFault(typed) ? { ...typed, to: dnsName(typed.to) } : typed;
    if (isLinkFault(fault)) {
      this.#assertNode(fault.node);
      this.#assertHost(fault.to);
    }
    this.#standing = [...this.#standing, fault];
  }

  isolate(node: string): void {
    this.#assertNode(node);
    if (this.#options.nodes.length === 1) throw new Problem('refused', 'only-node', `${node} is the only node, so there is nothing to isolate it from`, 'Use a deployment of several nodes.');
    this.#isolated.add(node);
  }

  heal({ node, to: typed }: Healed): void {
    const to = typed === undefined ? undefined : dnsName(typed);
    this.#assertNode(node);
    if (to !== undefined) this.#assertHost(to);
    this.#standing = this.#standing.flatMap((fault) => this.#leftOf(fault, { node, to }));
    if (to !== undefined) return;
    if (node === undefined) this.#isolated.clear();
    else this.#isolated.delete(node);
  }

  list(): Disturbance[] {
    return [...this.#standing, ...[...this.#isolated].map((node) => ({ fault: 'isolated' as const, node }))];
  }

  /** All of it, for a deployment that goes on later. */
  standing(): StandingAtFirst {
    return { faults: this.#standing, isolated: [...this.#isolated], hosts: [...this.#hosts] };
  }

  standingFor(node: string): StandingFaults {
    const faults = this.#standing.filter((fault) => isLinkFault(fault) && (fault.node ?? node) === node);
    return { faults, isolated: this.#isolated.has(node) };
  }

  standingForMicrosoft365(): StandingFaults {
    return { faults: this.#standing.filter((fault) => !isLinkFault(fault)), isolated: false };
  }

  /** How `node` is cut off from the others; undefined when it is not. */
  cutOf(node: string): 'isolated' | NatsCut | undefined {
    if (this.hasNoNats(node)) return 'no NATS';
    return this.#isolated.has(node) ? 'isolated' : this.#natsCutsOf(node)[0];
  }

  hasNoNats(node: string): boolean {
    return this.#natsCutsOf(node).includes('no NATS');
  }

  #natsCutsOf(node: string): NatsCut[] {
    return this.standingFor(node).faults.map(natsCutOf).filter((cut) => cut !== undefined);
  }

  /** What still stands of `fault`: of one that meets every node, it is left for the others. */
  #leftOf(fault: Fault, { node, to }: Healed): Fault[] {
    if (to !== undefined && hostOf(fault) !== to) return [fault];
    if (node === undefined) return [];
    if (!isLinkFault(fault)) return [fault];
    if (fault.node !== undefined) return fault.node === node ? [] : [fault];
    return this.#options.nodes.filter((each) => each !== node).map((each) => ({ ...fault, node: each }));
  }

  #assertNode(node: string | undefined): void {
    const { nodes } = this.#options;
    if (node !== undefined && !nodes.includes(node)) throw noSuchNode(node, nodes);
  }

  #assertHost(to: string): void {
    const known = [...this.#hosts, natsName];
    if (!known.includes(to)) throw new Problem('wrong input', 'host', `ISE uses no host "${to}"`, `Use one of ${known.join(', ')}.`);
  }
}

export function isOnTheWayToNats(fault: Fault): boolean {
  return isLinkFault(fault) && fault.to === natsName;
}

function hostOf(fault: Fault): string {
  if (isLinkFault(fault)) return fault.to;
  return fault.fault.startsWith('token-') ? tokenHost : exchangeHost;
}
