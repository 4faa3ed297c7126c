import { formatInstant, type Instant } from '@isesim/domain';

/** What a variable or property can hold. */
export type Value = null | boolean | number | string | PowerShellDate | PowerShellObject | Hashtable | Block | FormattedText | readonly Value[];

/** A column of the table by which objects of a type are shown; a width cuts longer values off. */
export interface Column {
  readonly name: string;
  readonly width?: number;
}

export interface ObjectType {
  /** The real type's name, as far as it is known. */
  readonly name: string;
  /** Shown as a table of these columns unless a list is asked for; types without are shown as a list. */
  readonly table?: readonly Column[];
}

export class PowerShellObject {
  readonly type: ObjectType;
  readonly properties: Readonly<Record<string, Value>>;

  constructor(type: ObjectType, properties: Readonly<Record<string, Value>>) {
    this.type = type;
    this.properties = properties;
  }

  get(name: string): Value {
    return propertyOf(this.properties, name) ?? null;
  }
}

export class Hashtable {
  readonly entries: Readonly<Record<string, Value>>;

  constructor(entries: Readonly<Record<string, Value>>) {
    this.entries = entries;
  }

  get(name: string): Value {
    return propertyOf(this.entries, name) ?? null;
  }
}

export class PowerShellDate {
  readonly instant: Instant;

  constructor(instant: Instant) {
    this.instant = instant;
  }

  /** As PowerShell shows it to an English speaker, in UTC: `2/2/2026 5:17:34 AM`. */
  toString(): string {
    const date = new Date(this.instant);
    const day = `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()}`;
    const [minutes, seconds] = [date.getUTCMinutes(), date.getUTCSeconds()].map((each) => String(each).padStart(2, '0'));
    return `${day} ${date.getUTCHours() % 12 || 12}:${minutes}:${seconds} ${date.getUTCHours() < 12 ? 'AM' : 'PM'}`;
  }
}

/** `{ … }`: evaluated for each object that it is given as `$_`. */
export class Block {
  readonly gives: (object: Value) => readonly Value[];

  constructor(gives: (object: Value) => readonly Value[]) {
    this.gives = gives;
  }

  /** As a condition. */
  holdsFor(object: Value): boolean {
    return isTrue(this.gives(object));
  }
}

/** What Format-List and Format-Table make of objects. */
export class FormattedText {
  readonly text: string;
  readonly objects: readonly Value[];

  constructor(text: string, objects: readonly Value[]) {
    this.text = text;
    this.objects = objects;
  }
}

/** The text that a value becomes where PowerShell needs one; an object goes by what identifies it. */
export function textOf(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (isList(value)) return value.map(textOf).join(' ');
  if (value instanceof PowerShellObject) return textOf(value.properties['Identity'] ?? value.properties['Id'] ?? value.properties['DisplayName'] ?? value.type.name);
  if (value instanceof Hashtable) return 'System.Collections.Hashtable';
  if (value instanceof FormattedText) return value.text;
  return value instanceof Block ? '{ … }' : String(value);
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function asList(value: Value): readonly Value[] {
  if (value === null) return [];
  return isList(value) ? value : [value];
}

/** As conditions are judged: nothing, zero, an empty text and an empty list are false. */
export function isTrue(value: Value): boolean {
  if (isList(value)) return value.length > 1 || (value.length === 1 && isTrue(value[0] ?? null));
  return value !== null && value !== false && value !== 0 && value !== '';
}

/** As plain data for JSON; dates in ISO 8601. */
export function plain(value: Value): unknown {
  if (isList(value)) return value.map(plain);
  if (value instanceof PowerShellDate) return formatInstant(value.instant);
  if (value instanceof PowerShellObject) return plainFields(value.properties);
  if (value instanceof Hashtable) return plainFields(value.entries);
  if (value instanceof FormattedText) return value.objects.map(plain);
  return value instanceof Block ? null : value;
}

function plainFields(fields: Readonly<Record<string, Value>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, each]) => [name, plain(each)]));
}

function propertyOf(fields: Readonly<Record<string, Value>>, name: string): Value | undefined {
  const found = Object.keys(fields).find((each) => each.toLowerCase() === name.toLowerCase());
  return found === undefined ? undefined : fields[found];
}
