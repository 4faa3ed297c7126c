import { parseConnectionTimeout, parseDuration, parseInstant, type Instant } from '@isesim/domain';

/** Milliseconds of a duration that the schema has checked. */
export function msOf(duration: string): number {
  return checked(parseDuration(duration), duration);
}

/** Milliseconds of a Connection Timeout that the schema has checked. */
export function timeoutMsOf(written: string | number): number {
  return checked(parseConnectionTimeout(written), String(written));
}

/** The instant of a date that the schema has checked; undefined where the file has none. */
export function instantOf(date: string): Instant;
export function instantOf(date: string | undefined): Instant | undefined;
export function instantOf(date: string | undefined): Instant | undefined {
  return date === undefined ? undefined : checked(parseInstant(date), date);
}

function checked(value: number | undefined, text: string): number {
  if (value === undefined) throw new RangeError(`${text} passed the schema but cannot be read`);
  return value;
}
