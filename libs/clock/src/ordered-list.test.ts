import { describe, expect, it } from 'vitest';
import { OrderedList } from './ordered-list.ts';

interface Entry {
  readonly due: number;
  readonly name: string;
}

function listOf(...entries: Entry[]): OrderedList<Entry> {
  const list = new OrderedList<Entry>((one, other) => one.due - other.due);
  for (const entry of entries) list.add(entry);
  return list;
}

function drain(list: OrderedList<Entry>): string[] {
  const names: string[] = [];
  for (let entry = list.takeFirst(); entry; entry = list.takeFirst()) names.push(entry.name);
  return names;
}

describe('an ordered list', () => {
  it('gives what it holds in order, equals in the order in which they were added', () => {
    expect(drain(listOf({ due: 2, name: 'c' }, { due: 1, name: 'a' }, { due: 3, name: 'e' }, { due: 2, name: 'd' }, { due: 1, name: 'b' }))).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('loses exactly the one that is deleted, once', () => {
    const [a, b, c] = [{ due: 1, name: 'a' }, { due: 1, name: 'b' }, { due: 1, name: 'c' }];
    const list = listOf(a, b, c);
    expect(list.delete(b)).toBe(true);
    expect(list.delete(b)).toBe(false);
    expect(list.first).toBe(a);
    expect(drain(list)).toEqual(['a', 'c']);
  });

  it('does not know what was never added', () => {
    const list = listOf({ due: 1, name: 'a' }, { due: 3, name: 'c' });
    expect(list.delete({ due: 2, name: 'b' })).toBe(false);
    expect(list.delete({ due: 1, name: 'a' })).toBe(false);
  });

  it('is empty when it was cleared', () => {
    const list = listOf({ due: 1, name: 'a' });
    list.clear();
    expect(list.first).toBeUndefined();
  });
});
