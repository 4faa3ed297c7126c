import { asList, Block, Hashtable, isTrue, PowerShellDate, PowerShellObject, textOf, type Value } from './values/value.ts';

/** The parameters of one call, each converted to what it takes. */
export class Bound {
  readonly #values: ReadonlyMap<string, Value>;

  constructor(values: ReadonlyMap<string, Value>) {
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  value(name: string): Value {
    return this.#values.get(name) ?? null;
  }

  text(name: string): string {
    return textOf(this.value(name));
  }

  optionalText(name: string): string | undefined {
    return this.has(name) ? this.text(name) : undefined;
  }

  texts(name: string): string[] {
    return asList(this.value(name)).map(textOf);
  }

  isOn(name: string): boolean {
    return isTrue(this.value(name));
  }

  date(name: string): PowerShellDate | undefined {
    const value = this.value(name);
    return value instanceof PowerShellDate ? value : undefined;
  }

  block(name: string): Block | undefined {
    const value = this.value(name);
    return value instanceof Block ? value : undefined;
  }

  /** Hashtables, or objects of the same shape. */
  tables(name: string): (Hashtable | PowerShellObject)[] {
    return asList(this.value(name)).filter((each) => each instanceof Hashtable || each instanceof PowerShellObject);
  }
}
