import { expect, test } from 'vitest';
import { checkListen, parseRemote } from './remote-flag.ts';

const nodes = [{ name: 'ise-1' }, { name: 'psn-1' }, { name: 'psn-2' }];

test('nodes are named with the address from which they connect, or without', () => {
  expect([...parseRemote('psn-1,psn-2=192.168.1.7', nodes)]).toEqual([['psn-1', undefined], ['psn-2', '192.168.1.7']]);
});

test.each([
  ['psn-7', '"psn-7" is no node of the topology', 'Use ise-1, psn-1, psn-2.'],
  ['psn-1=there', '"there" is no IPv4 address', 'psn-1=192.168.1.7'],
  ['psn-1=10.0.0.1,psn-2=10.0.0.1', '10.0.0.1 is given twice', 'an address of its own'],
  ['', '"" is no node of the topology', 'Use ise-1'],
])('--remote %j is wrong', (text, fact, remedy) => {
  expect(() => parseRemote(text, nodes)).toThrow(expect.objectContaining({ kind: 'wrong input', message: expect.stringContaining(fact) as string, remedy: expect.stringContaining(remedy) as string }) as Error);
});

test('the double listens at one address that others can name', () => {
  expect(() => { checkListen('192.168.1.5'); }).not.toThrow();
  for (const address of ['0.0.0.0', '::', 'localhost', '']) expect(() => { checkListen(address); }).toThrow(`--listen "${address}" is no IPv4 address to be reached at`);
});
