import { NetworkError, type Connection } from '@isesim/domain';
import type { MailWorld } from './far-end.ts';

/** Opens a connection as the node does, and tells a trace of resolution and connecting. */
export async function openConnection(world: MailWorld, host: string, port: number, timeoutMs: number): Promise<Connection> {
  const { network, trace } = world;
  const proxy = network.proxyFor?.(host);
  const to = `${host}:${port}`;
  const way = { to, ...(proxy !== undefined && { proxy }) };
  traceResolution(world, proxy === undefined ? host : hostOf(proxy));
  try {
    const connection = await network.connect(host, port, { timeoutMs });
    trace?.({ step: 'connect', ...way, from: connection.name });
    return connection;
  } catch (error) {
    if (error instanceof NetworkError) trace?.({ step: 'connect', ...way, failed: error.message });
    throw error;
  }
}

/** What is behind a proxy the proxy resolves itself. */
function traceResolution({ network, trace }: MailWorld, name: string): void {
  if (!trace || !network.lookUp) return;
  try {
    trace({ step: 'resolve', name, address: network.lookUp(name) });
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    trace({ step: 'resolve', name, failed: error.message });
  }
}

function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(':'));
}
