import type { Item } from '@isesim/domain';
import { expect, it } from 'vitest';
import { compareItems } from './compare-items.ts';

it('answers come before requests, requests before deliveries, deliveries before own work; then each kind in its own order', () => {
  const inOrder: Item[] = [
    { kind: 'reply', order: [3] },
    { kind: 'reply', order: [11] },
    { kind: 'request', order: ['ise-1', 9] },
    { kind: 'request', order: ['operator', 2] },
    { kind: 'request', order: ['operator', 10] },
    { kind: 'delivery', order: ['alarms', 7] },
    { kind: 'delivery', order: ['config', 1] },
    { kind: 'work', order: [1] },
    { kind: 'work', order: [2] },
  ];
  for (const [place, item] of inOrder.entries()) {
    for (const [otherPlace, other] of inOrder.entries()) expect(Math.sign(compareItems(item, other)), `${place} and ${otherPlace}`).toBe(Math.sign(place - otherPlace));
  }
});

it('what stands at the same place of the same kind is equal: the order of the agents decides', () => {
  expect(compareItems({ kind: 'delivery', order: ['config', 4] }, { kind: 'delivery', order: ['config', 4] })).toBe(0);
});
