import { parseTopology } from '@isesim/topology';
import { expect, test } from 'vitest';
import { assignAddresses } from './assign-addresses.ts';

function topologyOf(psns: number) {
  const text = `name: medium\nlimits: off\nnodes:\n  - { name: ise-1, pan: primary, mnt: primary }\n  - { name: psn, psn: true, count: ${psns} }\n`;
  return parseTopology(text, { file: 'topology.yaml', env: {} });
}

function addressesOf(psns: number): string[] {
  return assignAddresses(topologyOf(psns), 'address').map(({ address }) => address);
}

const one = topologyOf(1);

/** The address of the first node of a deployment of this name. */
function firstAddress(name: string): string {
  return assignAddresses({ ...one, name }, 'address')[0]?.address ?? '';
}

test('every node gets an address of its own and keeps what the topology says of it', () => {
  const nodes = assignAddresses(topologyOf(2), 'address');

  expect(nodes.map(({ name, fqdn, personas, roles }) => ({ name, fqdn, personas, roles }))).toEqual([
    { name: 'ise-1', fqdn: 'ise-1.ise.example', personas: ['pan', 'mnt'], roles: { pan: 'primary', mnt: 'primary' } },
    { name: 'psn-1', fqdn: 'psn-1.ise.example', personas: ['psn'], roles: {} },
    { name: 'psn-2', fqdn: 'psn-2.ise.example', personas: ['psn'], roles: {} },
  ]);
  expect(new Set(nodes.map(({ address }) => address)).size).toBe(3);
});

test('1,001 nodes have 1,001 loopback addresses, none of which looks like a network or a broadcast', () => {
  const addresses = addressesOf(1_000);

  expect(new Set(addresses).size).toBe(1_001);
  for (const address of addresses) {
    const [first, second, third, last] = address.split('.').map(Number);
    expect(first).toBe(127);
    expect(second).toBeGreaterThan(0);
    expect(second).toBeLessThan(255);
    expect(third).toBeLessThan(256);
    expect(last).toBeGreaterThan(0);
    expect(last).toBeLessThan(255);
  }
});

test('the addresses follow from the name of the deployment, and from nothing else', () => {
  expect(addressesOf(5)).toEqual(addressesOf(5));
  expect(addressesOf(9).slice(0, 6)).toEqual(addressesOf(5));
});

test('deployments of other names live in other networks', () => {
  const names = Array.from({ length: 40 }, (_, index) => `lab-${index}`);
  const networks = names.map((name) => firstAddress(name).split('.').slice(0, 3).join('.'));

  expect(new Set(networks).size).toBe(names.length);
});

test('no deployment takes an address from 127.0, where everybody else is', () => {
  for (let index = 0; index < 2_000; index += 1) expect(firstAddress(`lab-${index}`)).not.toMatch(/^127\.0\./);
});

test('where the system has 127.0.0.1 alone, all nodes share it', () => {
  expect(assignAddresses(topologyOf(2), 'ehlo').map(({ address }) => address)).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.1']);
});
