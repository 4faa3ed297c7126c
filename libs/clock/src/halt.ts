import type { Grant } from '@isesim/domain';
import { promiseParts, type PromiseParts } from './promise-parts.ts';

/**
 * Whether an agent goes on: frozen it is as SIGSTOP leaves a process, revoked as a kill does. Real code cannot be stopped
 * between two lines, so it is stopped where it calls into its world.
 */
export class Halt {
  readonly #heldGrants: Grant[] = [];
  #frozen: PromiseParts | undefined;
  #revoked = false;

  get revoked(): boolean {
    return this.#revoked;
  }

  /** Resolves with the thaw; undefined while the agent is not frozen. */
  get frozen(): Promise<void> | undefined {
    return this.#frozen?.promise;
  }

  freeze(): void {
    this.#frozen ??= promiseParts();
  }

  /** Keeps a grant that a frozen agent cannot obey yet. */
  hold(grant: Grant): void {
    this.#heldGrants.push(grant);
  }

  /** Ends the freeze; returns the grants that came meanwhile, to be obeyed now. */
  thaw(): Grant[] {
    this.#frozen?.resolve();
    this.#frozen = undefined;
    return this.#heldGrants.splice(0);
  }

  revoke(): void {
    this.#revoked = true;
  }
}

/** What a call into the world of a killed agent gets: as in a killed process, nothing comes after it. */
export function never(): Promise<never> {
  return new Promise(() => undefined);
}
