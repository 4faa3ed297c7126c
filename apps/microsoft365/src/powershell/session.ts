import type { Value } from './values/value.ts';

export type Service = 'Exchange Online' | 'Microsoft Graph';

/** What lasts from one line of a prompt to the next: variables, and where it is connected. */
export class Session {
  readonly connected = new Set<Service>();
  readonly #variables = new Map<string, Value>();

  read(variable: string): Value {
    return this.#variables.get(variable.toLowerCase()) ?? null;
  }

  write(variable: string, value: Value): void {
    this.#variables.set(variable.toLowerCase(), value);
  }
}
