import { host, hosts, map, number } from '../fields.ts';
import { action } from '../step.ts';

export const setProxy = action({
  verb: 'proxy set',
  does: 'let tokens and mail of every node go through a proxy: one revision that replicates',
  examples: ['isesim proxy set --host proxy.contoso.example --port 8080', 'isesim proxy set --host proxy.contoso.example --port 8080 --bypass login.microsoftonline.com'],
  fields: map({
    host: host.describe("The proxy. Any name leads to the deployment's own proxy, which leads to Entra ID and Exchange Online"),
    port: number(1, 65_535).describe('Its port'),
    bypass: hosts.default([]).describe('Hosts and domains that are reached without it. Default: none'),
  }),
  run: ({ deployment }, proxy) => deployment.settings.setProxy(proxy),
  says: ({ revision }) => `saved as revision ${revision}; faults on the direct way to a host do not meet what goes through the proxy`,
});
