import type { DeploymentNode } from '@isesim/domain';
import { microsoft365, microsoft365Rights, operator, operatorRights, rightsOf, type Rights } from './rights.ts';

type Member = Pick<DeploymentNode, 'name' | 'personas'>;

/** Public keys of all users of one deployment. */
export interface DeploymentKeys {
  readonly store: string;
  readonly operator: string;
  readonly microsoft365: string;
  readonly nodes: Readonly<Record<string, string>>;
}

export interface DeploymentAccounts {
  readonly deployment: string;
  readonly members: readonly Member[];
  readonly keys: DeploymentKeys;
}

// The server forgets after two minutes that an answer is due, but an answer may wait for simulated time, and that stands
// still for as long as nobody moves it.
const answerWithin = '8760h';

/**
 * The accounts of one deployment in nats-server's configuration language: one account per node and one for the store,
 * which alone has JetStream. The store exports, and each account imports exactly its rights: a single account cannot
 * hold, however tight its permissions, because the server answers to whatever reply subject a client names.
 */
export function accountsConfiguration({ deployment: d, members, keys }: DeploymentAccounts): string {
  const nodes = members.map((node) => ({ account: `${d}_${node.name}`, name: node.name, key: keyOf(keys, node.name), rights: rightsOf(d, node, members) }));
  const clients = [
    ...nodes,
    { account: `${d}_${microsoft365}`, name: microsoft365, key: keys.microsoft365, rights: microsoft365Rights(d) },
    { account: `${d}_${operator}`, name: operator, key: keys.operator, rights: operatorRights(d, members) },
  ];
  return [
    storeAccount(d, keys.store, clients),
    ...clients.map((client) => clientAccount(d, client, clients)),
  ].join('\n');
}

interface Client {
  readonly account: string;
  readonly name: string;
  readonly key: string;
  readonly rights: Rights;
}

function storeAccount(d: string, key: string, clients: readonly Client[]): string {
  const exported = new Map<string, { kind: 'service' | 'stream'; accounts: string[] }>();
  for (const { account, rights } of clients) {
    const note = (kind: 'service' | 'stream', subject: string) => {
      const entry = exported.get(subject) ?? { kind, accounts: [] };
      entry.accounts.push(account);
      exported.set(subject, entry);
    };
    for (const subject of rights.publish) if (!isRequest(d, subject)) note('service', subject);
    for (const subject of rights.subscribe) if (isFromStore(d, subject)) note('stream', subject);
  }
  const exports = [...exported].map(([subject, { kind, accounts }]) => `{ ${kind}: ${quote(subject)}, accounts: [${accounts.map(quote).join(', ')}] }`);
  return account(`${d}_store`, ['jetstream: enabled', `users: [{ nkey: ${key} }]`, list('exports', exports)]);
}

function clientAccount(d: string, { account: name, name: self, key, rights }: Client, clients: readonly Client[]): string {
  const imports = [
    ...rights.publish.map((subject) => {
      const from = isRequest(d, subject) ? `${d}_${responderOf(subject)}` : `${d}_store`;
      return `{ service: { account: ${quote(from)}, subject: ${quote(subject)} } }`;
    }),
    ...rights.subscribe.filter((subject) => isFromStore(d, subject)).map((subject) => `{ stream: { account: ${quote(`${d}_store`)}, subject: ${quote(subject)} } }`),
  ];
  const asked = clients.flatMap((client) =>
    client.rights.publish
      .filter((subject) => isRequest(d, subject) && responderOf(subject) === self)
      .map((subject) => `{ service: ${quote(subject)}, accounts: [${quote(client.account)}], response_threshold: ${quote(answerWithin)} }`),
  );
  const permissions = `publish: { allow: [${rights.publish.map(quote).join(', ')}] }, subscribe: { allow: [${rights.subscribe.map(quote).join(', ')}] }, allow_responses: { max: 1, expires: ${quote(answerWithin)} }`;
  return account(name, [`users: [{ nkey: ${key}, permissions: { ${permissions} } }]`, list('exports', asked), list('imports', imports)]);
}

function account(name: string, lines: readonly string[]): string {
  return `  ${quote(name)}: {\n${lines.filter(Boolean).map((line) => `    ${line}`).join('\n')}\n  }`;
}

function list(name: string, entries: readonly string[]): string {
  return entries.length === 0 ? '' : `${name}: [\n${entries.map((entry) => `      ${entry}`).join('\n')}\n    ]`;
}

function isRequest(d: string, subject: string): boolean {
  return subject.startsWith(`isesim.${d}.rpc.`);
}

function isFromStore(d: string, subject: string): boolean {
  return subject.startsWith(`isesim.${d}.`) && !isRequest(d, subject);
}

function responderOf(subject: string): string {
  return subject.split('.')[3] ?? '';
}

function keyOf(keys: DeploymentKeys, node: string): string {
  const key = keys.nodes[node];
  if (key === undefined) throw new RangeError(`no key for node ${node}`);
  return key;
}

function quote(text: string): string {
  return JSON.stringify(text);
}

