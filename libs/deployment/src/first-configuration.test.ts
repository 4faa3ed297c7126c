import { dayMs, guestSchema, internalUserSchema, pageNames, pageSchemas, seal, Secret, seededRandom, unseal } from '@isesim/domain';
import { parseTopology } from '@isesim/topology';
import { expect, test } from 'vitest';
import { assignAddresses } from './assign-addresses.ts';
import { firstAccounts, firstPages } from './first-configuration.ts';

const text = `
name: medium
domain: ise.corp
startTime: 2026-02-02T05:00:00Z
nodes:
  - { name: ise-1, pan: primary, mnt: primary }
  - { name: psn-1, psn: true }
smtpServer:
  host: smtp.office365.com
  port: 587
  tls: true
  authentication: { type: exchange-online-oauth, emailAddress: no-reply@contoso.onmicrosoft.com, clientId: c, tenantId: t, clientSecret: "\${SECRET}" }
internalUsers:
  - { name: jdoe, email: jdoe@contoso.example, passwordChanged: 2026-01-20 }
guests:
  - { count: 3, type: Contractor, created: 2026-02-01T09:00:00Z, validFor: 30d }
  - { count: 2, type: Daily, created: 2026-02-01T09:00:00Z, validFor: 1d }
`;
const secret = 's3cr3t~value';
const topology = parseTopology(text, { file: 'topology.yaml', env: { SECRET: secret } });
const nodes = assignAddresses(topology, 'address');
const roots = { 'entra-root': 'PEM of Entra', 'exchange-root': 'PEM of Exchange' };
const key = Buffer.alloc(32, 7).toString('base64');

test('every settings page that has no default is written, and each is valid', () => {
  const pages = firstPages(topology, nodes, roots);

  const written = Object.keys(pages) as (keyof typeof pages)[];
  expect([...written, 'log-levels'].sort()).toEqual([...pageNames].sort());
  for (const name of written) expect({ name, issues: pageSchemas[name].safeParse(pages[name]).error?.issues }).toEqual({ name, issues: undefined });
});

test('what every node must know of the deployment is what the topology says, with the addresses that were assigned', () => {
  const { deployment } = firstPages(topology, nodes, roots);

  expect(deployment).toEqual({ domain: 'ise.corp', iseVersion: '3.5P1', nodes });
});

test("both of the double's roots are trusted for the infrastructure", () => {
  expect(firstPages(topology, nodes, roots)['trusted-certificates'].certificates).toEqual([
    { name: 'entra-root', pem: 'PEM of Entra', roles: ['infrastructure'] },
    { name: 'exchange-root', pem: 'PEM of Exchange', roles: ['infrastructure'] },
  ]);
});

test('where the topology lists trusted certificates, those and their roles are what there is, and its proxy is the page', () => {
  const listed = parseTopology(`${text}trustedCertificates: [{ certificate: exchange-root, roles: [endpoints] }]\nproxy: { host: proxy.ise.corp, port: 8080 }\n`, { file: 'topology.yaml', env: { SECRET: secret } });
  const pages = firstPages(listed, nodes, roots);

  expect(pages['trusted-certificates'].certificates).toEqual([{ name: 'exchange-root', pem: 'PEM of Exchange', roles: ['endpoints'] }]);
  expect(pages.proxy).toEqual({ proxy: { host: 'proxy.ise.corp', port: 8080, bypass: [] } });
  expect(firstPages(topology, nodes, roots).proxy).toEqual({ proxy: null });
});

test('once sealed no page shows a secret, and unsealed it is the same again', () => {
  const pages = firstPages(topology, nodes, roots);
  const sealed = JSON.stringify(seal(pages, key));

  expect(sealed).not.toContain(secret);
  expect(JSON.stringify(pages)).not.toContain(secret);
  const opened = unseal(JSON.parse(sealed), key) as typeof pages;
  expect(pageSchemas['smtp-server'].parse(opened['smtp-server'])).toEqual(pages['smtp-server']);
  const { authentication } = opened['smtp-server'];
  expect(authentication.type === 'exchange-online-oauth' && authentication.clientSecret.equals(new Secret(secret))).toBe(true);
});

test.each<keyof ReturnType<typeof firstPages>>(['deployment', 'administrators', 'guest-types', 'portals', 'sponsors'])('changing the page %s changes nothing of the topology', (name) => {
  const before = JSON.stringify(topology);
  const page = firstPages(topology, nodes, roots)[name];
  for (const list of Object.values(page)) if (Array.isArray(list) && name !== 'sponsors') list.length = 0;

  expect(JSON.stringify(topology)).toBe(before);
});

test('guests and internal users exist from the start, each valid, with ids and usernames of their own', () => {
  const accounts = firstAccounts(topology, seededRandom(1, 'deployment'));
  const guests = accounts.flatMap((account) => guestSchema.safeParse(account).data ?? []);
  const users = accounts.filter((account) => !guestSchema.safeParse(account).success);

  expect(guests.map(({ username }) => username)).toEqual(['guest1-1', 'guest1-2', 'guest1-3', 'guest2-1', 'guest2-2']);
  expect(new Set(guests.map(({ id }) => id)).size).toBe(5);
  expect(new Set(guests.map(({ password }) => password)).size).toBe(5);
  expect(guests.map(({ type, validFrom, validTo }) => ({ type, days: (validTo - validFrom) / dayMs }))).toEqual([
    ...Array.from({ length: 3 }, () => ({ type: 'Contractor', days: 30 })),
    ...Array.from({ length: 2 }, () => ({ type: 'Daily', days: 1 })),
  ]);
  expect(users.map((user) => internalUserSchema.parse(user).name)).toEqual(['jdoe']);
});

test('the same seed gives the same accounts', () => {
  const accounts = (seed: number) => firstAccounts(topology, seededRandom(seed, 'deployment'));

  expect(accounts(1)).toEqual(accounts(1));
  expect(accounts(2)).not.toEqual(accounts(1));
});
