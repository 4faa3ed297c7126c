import { accountsConfiguration } from '@isesim/bus';
import { publicKeys } from '@isesim/deployment';
import { readTopologyFile } from '../read-topology-file.ts';
import { credentialsPath, keepCredentials } from './nats-credentials.ts';

export interface NatsConfiguration {
  readonly deployment: string;
  /** In nats-server's language: the accounts, to be included within `accounts { }`. Holds public keys alone. */
  readonly configuration: string;
  /** Holds the seeds; readable by its owner alone. */
  readonly credentialsFile: string;
}

/** What a server of others must include for the topology in the file at `path`. Asked again it is the same. */
export async function natsConfiguration(path: string, env: NodeJS.ProcessEnv): Promise<NatsConfiguration> {
  const { name, nodes } = await readTopologyFile(path);
  const credentials = await keepCredentials(env, name, nodes.map((node) => node.name));
  const accounts = accountsConfiguration({ deployment: name, members: nodes, keys: publicKeys(credentials) });
  return { deployment: name, configuration: `${howToInclude(name)}\n${accounts}`, credentialsFile: credentialsPath(env, name) };
}

function howToInclude(name: string): string {
  return [
    `# Accounts of the isesim deployment "${name}", for nats-server 2.9 or newer. The server's own configuration needs:`,
    '#',
    '#   jetstream: enabled',
    '#   max_payload: 8MB',
    '#   accounts {',
    `#     include "${name}.conf"      # this text; other deployments and accounts stand beside it`,
    '#   }',
    '#',
    '# Restart the server then: before 2.10 one that only reloads does not link new accounts.',
  ].join('\n');
}
