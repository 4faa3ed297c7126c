import type { DeploymentNode } from '@isesim/domain';
import { expect, it } from 'vitest';
import { answerPromote } from './promote.ts';
import { TestNode } from './test-node.ts';

const node = (name: string, personas: DeploymentNode['personas'], roles: DeploymentNode['roles']) => ({ name, fqdn: `${name}.ise.example`, address: '127.0.0.2', personas: [...personas], roles });

function makePan(primaryPan: string) {
  const pan = new TestNode(0);
  pan.primaryPan = primaryPan;
  pan.pages.deployment = {
    domain: 'ise.example',
    iseVersion: '3.5P1',
    nodes: [node('ise-1', ['pan', 'mnt'], { pan: 'secondary', mnt: 'primary' }), node('ise-2', ['pan'], { pan: 'primary' }), node('psn-1', ['psn'], {})],
  };
  answerPromote(pan.node);
  return pan;
}

it('a secondary PAN becomes the primary one, and only then writes the new roles', async () => {
  const pan = makePan('ise-2');
  await pan.ask('promote', {});

  expect(pan.events).toEqual(['promoted', 'wrote deployment']);
  expect(pan.pages.deployment.nodes.map(({ name, roles }) => [name, roles])).toEqual([
    ['ise-1', { pan: 'primary', mnt: 'primary' }],
    ['ise-2', { pan: 'secondary' }],
    ['psn-1', {}],
  ]);
});

it('the primary PAN cannot be promoted', async () => {
  const pan = makePan('ise-1');

  await expect(pan.ask('promote', {})).rejects.toMatchObject({ kind: 'refused', code: 'is-primary', message: 'ise-1 is the primary PAN already' });
  expect(pan.events).toEqual([]);
});
