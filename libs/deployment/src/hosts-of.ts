import type { Endpoint, Microsoft365Ready } from '@isesim/domain';
import type { Topology } from '@isesim/topology';

/** The names that ISE uses, and where the double answers for them; another name leads where the one behind it does. */
export function hostsOf({ login, smtp }: Pick<Microsoft365Ready, 'login' | 'smtp'>, { network }: Pick<Topology, 'network'>): Record<string, Endpoint> {
  const microsoft = { 'login.microsoftonline.com:443': login, 'smtp.office365.com:587': smtp };
  const others = Object.entries(network.hosts).flatMap(([name, leadsTo]) =>
    Object.entries(microsoft).filter(([host]) => host.startsWith(`${leadsTo}:`)).map(([host, endpoint]) => [host.replace(leadsTo, name), endpoint] as const),
  );
  return { ...microsoft, ...Object.fromEntries(others) };
}
