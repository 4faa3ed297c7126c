import { Problem, type Instant } from '@isesim/domain';

/**
 * A date in UTC by a format of .NET, for an English speaker: of one letter a standard one, else letters for parts of the date,
 * with quotes or a backslash around what is meant as such.
 * https://learn.microsoft.com/dotnet/standard/base-types/custom-date-and-time-format-strings
 */
export function formatDate(instant: Instant, format: string): string {
  const date = new Date(instant);
  const written = format.length > 1 ? format : standard(format);
  return written.replace(parts, (part: string) => (quotes.test(part) ? part.slice(1).replace(/['"]$/, '') : partOf(date, part)));
}

const parts = /'[^']*'|"[^"]*"|\\[^]|%|y+|M+|d+|H+|h+|m+|s+|f+|F+|t+|z+|K/g;
const quotes = /^['"\\]/;

const roundTrip = "yyyy-MM-dd'T'HH:mm:ss.fffffffK";
const general = 'M/d/yyyy h:mm:ss tt';

const standards: Readonly<Record<string, string>> = {
  '': general,
  d: 'M/d/yyyy',
  D: 'dddd, MMMM d, yyyy',
  f: 'dddd, MMMM d, yyyy h:mm tt',
  F: 'dddd, MMMM d, yyyy h:mm:ss tt',
  g: 'M/d/yyyy h:mm tt',
  G: general,
  m: 'MMMM d',
  M: 'MMMM d',
  o: roundTrip,
  O: roundTrip,
  r: "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
  R: "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
  s: "yyyy-MM-dd'T'HH:mm:ss",
  t: 'h:mm tt',
  T: 'h:mm:ss tt',
  u: "yyyy-MM-dd HH:mm:ss'Z'",
  y: 'MMMM yyyy',
  Y: 'MMMM yyyy',
};

function standard(letter: string): string {
  const format = standards[letter];
  if (format !== undefined) return format;
  throw new Problem('refused', 'format', `InvalidOperation: Input string was not in a correct format: "${letter}" is the name of no date format.`, 'Write for example "yyyy-MM-dd", "s" or "o".');
}

function partOf(date: Date, part: string): string {
  return partOfDate[part.charAt(0)]?.(date, part.length) ?? '';
}

/** By the letter; how often it is repeated says how wide or long the part is. */
const partOfDate: Readonly<Record<string, (date: Date, width: number) => string>> = {
  y: (date, width) => (width > 2 ? padded(date.getUTCFullYear(), width) : digits(date.getUTCFullYear() % 100, width)),
  M: (date, width) => (width > 2 ? named(date, { month: width > 3 ? 'long' : 'short' }) : digits(date.getUTCMonth() + 1, width)),
  d: (date, width) => (width > 2 ? named(date, { weekday: width > 3 ? 'long' : 'short' }) : digits(date.getUTCDate(), width)),
  H: (date, width) => digits(date.getUTCHours(), width),
  h: (date, width) => digits(date.getUTCHours() % 12 || 12, width),
  m: (date, width) => digits(date.getUTCMinutes(), width),
  s: (date, width) => digits(date.getUTCSeconds(), width),
  f: fraction,
  F: (date, width) => fraction(date, width).replace(/0+$/, ''),
  t: (date, width) => (date.getUTCHours() < 12 ? 'AM' : 'PM').slice(0, width),
  z: (_, width) => ['+0', '+00', '+00:00'][Math.min(width, 3) - 1] ?? '',
  K: () => 'Z',
};

function digits(number: number, width: number): string {
  return padded(number, Math.min(width, 2));
}

function padded(number: number, width: number): string {
  return String(number).padStart(width, '0');
}

/** Of a second. */
function fraction(date: Date, width: number): string {
  return `${padded(date.getUTCMilliseconds(), 3)}0000`.slice(0, width);
}

function named(date: Date, part: Intl.DateTimeFormatOptions): string {
  return date.toLocaleString('en-US', { ...part, timeZone: 'UTC' });
}
