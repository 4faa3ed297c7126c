import { expect, it } from 'vitest';
import { noSuchNode } from './no-such-node.ts';

it.each([
  { name: 'pns-1', nodes: ['ise-1', 'psn-1'], remedy: 'Did you mean psn-1? Use one of ise-1, psn-1.' },
  { name: 'psn-9', nodes: ['ise-1', 'psn-1', 'psn-2'], remedy: 'Did you mean psn-1 or psn-2? Use one of ise-1, psn-1, psn-2.' },
  { name: 'backup', nodes: ['ise-1', 'psn-1'], remedy: 'Use one of ise-1, psn-1.' },
])('for $name the remedy is: $remedy', ({ name, nodes, remedy }) => {
  expect(noSuchNode(name, nodes)).toMatchObject({ kind: 'wrong input', code: 'node', message: `there is no node "${name}"`, remedy });
});

it('a name that a flag gave is told with the flag', () => {
  expect(noSuchNode('backup', ['ise-1'], '--sent-by').message).toBe('--sent-by: there is no node "backup"');
});
