import { expect, it } from 'vitest';
import { answerPromote } from './promote.ts';
import { TestNode } from './test-node.ts';

function makePan(primaryPan: string) {
  const pan = new TestNode(0);
  pan.primaryPan = primaryPan;
  pan.epoch = 3;
  answerPromote(pan.node);
  return pan;
}

it('a secondary PAN becomes the primary one, and tells under which epoch', async () => {
  const pan = makePan('ise-2');

  expect(await pan.ask('promote', {})).toEqual({ epoch: 3 });
  expect(pan.events).toEqual(['promoted']);
});

it('the primary PAN cannot be promoted', async () => {
  const pan = makePan('ise-1');

  await expect(pan.ask('promote', {})).rejects.toMatchObject({ kind: 'refused', code: 'is-primary', message: 'ise-1 is the primary PAN already' });
  expect(pan.events).toEqual([]);
});
