import { inspect } from 'node:util';

const mask = '***';

const maskedLengthMin = 8;
const hintLength = 3;

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

  /** `text` with the value masked wherever it stands in it. A short one stays: it would be found by chance inside of others. */
  maskIn(text: string): string {
    return this.#value.length < maskedLengthMin ? text : text.replaceAll(this.#value, mask);
  }

  /** How it begins, so that its owner knows it again, as Entra ID shows it; of a short one nothing. */
  get hint(): string | null {
    return this.#value.length < maskedLengthMin ? null : this.#value.slice(0, hintLength);
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
