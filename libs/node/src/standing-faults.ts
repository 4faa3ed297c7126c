import { isLinkFault, natsCutOf, type StandingFaults } from '@isesim/domain';
import type { LinkFaults } from './link-faults.ts';
import type { NodeNetwork } from './node-network.ts';
import type { Cut, Reach } from './reach.ts';

export interface FaultyParts {
  readonly links: LinkFaults;
  readonly network: NodeNetwork;
  readonly reach: Reach;
}

/** Lets exactly these faults stand: those that begin break the open connections that they concern, those that are over let go. */
export async function letStand({ faults, isolated, away = {} }: StandingFaults, { links, network, reach }: FaultyParts): Promise<void> {
  const begun = links.stand(faults.filter(isLinkFault));
  reach.miss(away);
  reach.change(cutOf({ faults, isolated }));
  await network.breakOff(begun);
}

function cutOf({ faults, isolated }: StandingFaults): Cut {
  const cuts = faults.map(natsCutOf);
  if (cuts.includes('no NATS')) return 'no NATS';
  if (isolated) return 'isolated';
  return cuts.includes('untrusted') ? 'untrusted' : 'none';
}
