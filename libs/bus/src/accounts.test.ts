import type { Persona } from '@isesim/domain';
import { expect, test } from 'vitest';
import { accountsConfiguration } from './accounts.ts';
import { createBusKey } from './keys.ts';
import { microsoft365Rights, operatorRights, rightsOf, type Rights } from './rights.ts';

const node = (name: string, ...personas: Persona[]) => ({ name, personas });
const members = [node('ise-1', 'pan', 'mnt'), node('ise-2', 'pan', 'mnt'), node('psn-1', 'psn'), node('psn-2', 'psn')];
const keys = {
  store: createBusKey().publicKey,
  operator: createBusKey().publicKey,
  microsoft365: createBusKey().publicKey,
  nodes: Object.fromEntries(members.map(({ name }) => [name, createBusKey().publicKey])),
};
const text = accountsConfiguration({ deployment: 'd', members, keys });

interface Account {
  readonly jetstream?: string;
  readonly users: { nkey: string; permissions?: { publish: { allow: string[] }; subscribe: { allow: string[] }; allow_responses: unknown } }[];
  readonly exports?: { service?: string; stream?: string; accounts: string[]; response_threshold?: string }[];
  readonly imports?: { service?: { account: string; subject: string }; stream?: { account: string; subject: string } }[];
}
const accounts = parseConfiguration(text) as Record<string, Account>;

const clients: { name: string; rights: Rights }[] = [
  ...members.map((member) => ({ name: member.name, rights: rightsOf('d', member, members) })),
  { name: 'microsoft365', rights: microsoft365Rights('d') },
  { name: 'operator', rights: operatorRights('d', members) },
];

test('every agent has an account of its own, with its own key as the only user', () => {
  expect(Object.keys(accounts).sort()).toEqual(['d_ise-1', 'd_ise-2', 'd_microsoft365', 'd_operator', 'd_psn-1', 'd_psn-2', 'd_store']);
  const userOf = (account: string) => accounts[account]?.users.map(({ nkey }) => nkey);

  expect(userOf('d_store')).toEqual([keys.store]);
  expect(userOf('d_operator')).toEqual([keys.operator]);
  expect(userOf('d_microsoft365')).toEqual([keys.microsoft365]);
  for (const { name } of members) expect(userOf(`d_${name}`)).toEqual([keys.nodes[name]]);
});

test('no account but the store has JetStream', () => {
  expect(Object.entries(accounts).filter(([, { jetstream }]) => jetstream !== undefined).map(([name]) => name)).toEqual(['d_store']);
});

test.each(clients)('what $name may publish and subscribe to is permitted to its user, word for word', ({ name, rights }) => {
  const [user] = accounts[`d_${name}`]?.users ?? [];

  expect(user?.permissions?.publish).toEqual({ allow: rights.publish });
  expect(user?.permissions?.subscribe).toEqual({ allow: rights.subscribe });
});

test.each(clients)('whatever $name may publish is imported from the store, and each request from its responder', ({ name, rights }) => {
  expect(accounts[`d_${name}`]?.imports?.flatMap(({ service }) => service ?? [])).toEqual(
    rights.publish.map((subject) => ({ account: subject.startsWith('isesim.d.rpc.') ? `d_${subject.split('.')[3] ?? ''}` : 'd_store', subject })),
  );
});

test.each(clients)('whatever $name may hear of others is imported from the store, and its own requests and inbox are not', ({ name, rights }) => {
  expect(accounts[`d_${name}`]?.imports?.flatMap(({ stream }) => stream ?? [])).toEqual(
    rights.subscribe.filter((subject) => /^isesim\.d\.(feed|grant)\./.test(subject)).map((subject) => ({ account: 'd_store', subject })),
  );
});

test('every right is exported by exactly the right account to exactly those who have it, and nothing else is exported', () => {
  const expected = new Map<string, string[]>();
  const note = (account: string, kind: string, subject: string, client: string) => {
    const key = `${account} ${kind} ${subject}`;
    expected.set(key, [...(expected.get(key) ?? []), `d_${client}`]);
  };
  for (const { name, rights } of clients) {
    for (const subject of rights.publish) note(subject.startsWith('isesim.d.rpc.') ? `d_${subject.split('.')[3] ?? ''}` : 'd_store', 'service', subject, name);
    for (const subject of rights.subscribe) if (/^isesim\.d\.(feed|grant)\./.test(subject)) note('d_store', 'stream', subject, name);
  }
  const exported = Object.entries(accounts).flatMap(([account, { exports = [] }]) =>
    exports.map((each) => [`${account} ${each.service === undefined ? 'stream' : 'service'} ${each.service ?? each.stream ?? ''}`, each.accounts] as const),
  );

  expect(exported.length).toBe(new Set(exported.map(([key]) => key)).size);
  expect(new Map(exported)).toEqual(expected);
});

test('what one node alone may write is exported to that node alone', () => {
  const owners = (pattern: RegExp) => accounts['d_store']?.exports?.filter(({ service }) => service !== undefined && pattern.test(service)).map(({ service, accounts: to }) => [service, to]);

  expect(owners(/\.outbox\.psn\./)).toEqual([
    ['isesim.d.outbox.psn.psn-1.portal-notification.*', ['d_psn-1']],
    ['isesim.d.outbox.psn.psn-2.portal-notification.*', ['d_psn-2']],
  ]);
  expect(owners(/^\$KV\.d_config/)).toEqual([
    ['$KV.d_config.ise-1.*', ['d_ise-1']],
    ['$KV.d_config.ise-2.*', ['d_ise-2']],
  ]);
  expect(owners(/\.mail\./)).toEqual([['isesim.d.mail.>', ['d_microsoft365']]]);
  expect(owners(/\.(duty|clock|feed|grant)\./)).toEqual([]);
});

test('an answer may take as long as simulated time stands still: the server does not forget within minutes that it is due', () => {
  for (const { name } of members) {
    const { exports = [], users } = accounts[`d_${name}`] ?? { users: [] };
    expect(exports.length).toBeGreaterThan(0);
    expect(exports.map(({ response_threshold: threshold }) => threshold)).toEqual(exports.map(() => '8760h'));
    expect(users[0]?.permissions?.allow_responses).toEqual({ max: '1', expires: '8760h' });
  }
});

test('two deployments on one server share no account and no subject', () => {
  const other = parseConfiguration(accountsConfiguration({ deployment: 'e', members, keys })) as Record<string, Account>;
  const subjectsOf = (all: Record<string, Account>) => Object.values(all).flatMap(({ exports = [] }) => exports.map(({ service, stream }) => service ?? stream));

  expect(Object.keys(other).filter((name) => name in accounts)).toEqual([]);
  expect(subjectsOf(other).filter((subject) => subjectsOf(accounts).includes(subject))).toEqual([]);
});

test('a node without a key is refused by name', () => {
  expect(() => accountsConfiguration({ deployment: 'd', members: [...members, node('psn-9', 'psn')], keys })).toThrow('no key for node psn-9');
});

/** Enough of nats-server's configuration language to read what is written here: maps, lists, quoted and bare words. */
function parseConfiguration(source: string): unknown {
  const tokens = source.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  let at = 0;
  const value = (): unknown => {
    const token = tokens[at++];
    if (token === '{') return map('}');
    if (token === '[') {
      const list: unknown[] = [];
      while (tokens[at] !== ']') {
        list.push(value());
        if (tokens[at] === ',') at += 1;
      }
      at += 1;
      return list;
    }
    return token?.startsWith('"') ? (JSON.parse(token) as string) : token;
  };
  const map = (end: string | undefined): Record<string, unknown> => {
    const entries: Record<string, unknown> = {};
    while (tokens[at] !== end) {
      const token = tokens[at++];
      const name = token?.startsWith('"') ? (JSON.parse(token) as string) : (token ?? '');
      if (name in entries || tokens[at++] !== ':') throw new Error(`unexpected ${name} at token ${at}`);
      entries[name] = value();
      if (tokens[at] === ',') at += 1;
    }
    at += 1;
    return entries;
  };
  const parsed = map(undefined);
  if (at !== tokens.length + 1) throw new Error('the braces do not balance');
  return parsed;
}
