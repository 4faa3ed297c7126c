import type { Item, ItemKind } from '@isesim/domain';
import { compareItems } from './compare-items.ts';
import { OrderedList } from './ordered-list.ts';

interface Held extends Item {
  readonly begin: () => void;
}

/**
 * Where all that enters an agent is held until its turn, once the order is fixed. What is held has been counted as taken:
 * only its effect waits, so that what comes first never depends on what arrived first.
 */
export class Gate {
  readonly #held = new OrderedList<Held>(compareItems);
  readonly #changed: () => void;
  #ownCount = 0;
  #inOrder = false;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get inOrder(): boolean {
    return this.#inOrder;
  }

  get first(): Item | undefined {
    return this.#held.first;
  }

  putInOrder(): void {
    this.#inOrder = true;
  }

  /** Begins at once while there is no order, else in its turn; the promise resolves then. */
  enters(kind: ItemKind, order: readonly (string | number)[], begin: () => void): Promise<void> | undefined {
    if (!this.#inOrder) {
      begin();
      return undefined;
    }
    return new Promise((resolve) => {
      this.#held.add({
        kind,
        order: [...order],
        begin: () => {
          begin();
          resolve();
        },
      });
      this.#changed();
    });
  }

  /** The turn of work that this agent itself has set off, behind all such work before it. */
  ownTurn(): Promise<void> {
    return this.enters('work', [++this.#ownCount], () => undefined) ?? Promise.resolve();
  }

  beginFirst(): void {
    this.#held.takeFirst()?.begin();
  }

  clear(): void {
    this.#held.clear();
  }
}
