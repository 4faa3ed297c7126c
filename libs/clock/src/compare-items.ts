import { itemKinds, type Item } from '@isesim/domain';

/**
 * The order in which things begin that have come in: answers first, since somebody is in the middle of something; the agents'
 * own work last. Nothing here depends on when something arrived.
 */
export function compareItems(one: Item, other: Item): number {
  const byKind = itemKinds.indexOf(one.kind) - itemKinds.indexOf(other.kind);
  if (byKind !== 0) return byKind;
  for (const [place, value] of one.order.entries()) {
    const by = compareValues(value, other.order[place]);
    if (by !== 0) return by;
  }
  return one.order.length - other.order.length;
}

function compareValues(one: string | number, other: string | number | undefined): number {
  if (other === undefined) return 1;
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  const [text, otherText] = [String(one), String(other)];
  if (text === otherText) return 0;
  return text < otherText ? -1 : 1;
}
