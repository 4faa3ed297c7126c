import { inspect } from 'node:util';

const mask = '***';

/**
 * A value that shows itself to nobody: logs, JSON, errors and string templates get `***`.
 * `reveal()` is called in two places only: where settings are sealed for replication, and where MSAL or the
 * mail server is handed the value.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  equals(other: Secret): boolean {
    return this.#value === other.#value;
  }

  toString(): string {
    return mask;
  }

  toJSON(): string {
    return mask;
  }

  [inspect.custom](): string {
    return mask;
  }
}
