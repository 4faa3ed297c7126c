import { oauthTokenEndpointHost } from '@isesim/domain';
import { exchangeOnline } from './defaults.ts';
import { pathText } from './finding.ts';
import { oneOf, type Breach, type SoundFile } from './rule.ts';
import { quoted } from './wording.ts';

const played = [exchangeOnline.host, oauthTokenEndpointHost];

/** Another name leads to one of Microsoft's two, as a CNAME of one's own does: nothing else is played. */
export function networkBreaches({ network }: SoundFile): Breach[] {
  return Object.entries(network?.hosts ?? {}).flatMap(([name, leadsTo]) => {
    const path = ['network', 'hosts', name];
    if (played.includes(name)) return [{ path, at: 'key' as const, message: `${pathText(path)}: this name is Microsoft's own; leave it out` }];
    if (leadsTo === undefined || played.includes(leadsTo)) return [];
    return [{ path, message: `${pathText(path)} is ${quoted(leadsTo)}, which nothing plays; write one of Microsoft's names${oneOf(leadsTo, played)}` }];
  });
}
