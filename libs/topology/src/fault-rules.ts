import { natsName, oauthTokenEndpointHost } from '@isesim/domain';
import { exchangeOnline } from './defaults.ts';
import { pathText } from './finding.ts';
import { nodeNames } from './nodes.ts';
import { entries, oneOf, type Breach, type IsSound, type SoundFile } from './rule.ts';
import { quoted } from './wording.ts';

interface NamesHosts {
  readonly smtpServer?: { readonly host?: string | undefined } | undefined;
  readonly proxy?: { readonly host?: string | undefined } | null | undefined;
  readonly network?: { readonly hosts?: Readonly<Record<string, string | undefined>> | undefined } | undefined;
}

/** Every host name that ISE uses: Microsoft's two, and those that the settings name. */
export function hostsUsed({ smtpServer, proxy, network }: NamesHosts): string[] {
  const named = [exchangeOnline.host, oauthTokenEndpointHost, smtpServer?.host, proxy?.host, ...Object.keys(network?.hosts ?? {})];
  return [...new Set(named.filter((host) => host !== undefined))];
}

/** A fault stands at a node of the file, on the way to a host that ISE uses. */
export function faultBreaches(file: SoundFile, isSound: IsSound): Breach[] {
  const nodes = entries(file.nodes).flatMap(([, { name = '', count }]) => nodeNames(name, count));
  const hosts = [...hostsUsed(file), natsName];
  return entries(file.faults).flatMap(([index, fault]) => {
    if (!('to' in fault)) return [];
    const at = (field: string) => ['faults', index, field];
    return [
      ...unknown(at('node'), fault.node, isSound('nodes') ? nodes : undefined, 'no node', 'the name of one'),
      ...unknown(at('to'), fault.to, isSound('smtpServer') ? hosts : undefined, 'no host that ISE uses', 'one'),
    ];
  });
}

function unknown(path: Breach['path'], word: string | undefined, known: readonly string[] | undefined, what: string, instead: string): Breach[] {
  if (word === undefined || known === undefined || known.includes(word)) return [];
  return [{ path, message: `${pathText(path)} is ${quoted(word)}, which is ${what}; write ${instead}${oneOf(word, known)}` }];
}
