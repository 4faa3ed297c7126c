import { dayMs } from './duration.ts';

/** Milliseconds since 1970-01-01T00:00:00Z of simulated time; text only at the edge. */
export type Instant = number;

/** The end of the year 9999: dates are written with four digits for the year. */
export const latestInstant: Instant = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

const dateOnly = /^\d{4}-\d{2}-\d{2}$/;
const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

/** A date (00:00 UTC) or a date with time and zone; undefined when it is neither, or no such day exists. */
export function parseInstant(text: string): Instant | undefined {
  if (!dateOnly.test(text) && !dateTime.test(text)) return undefined;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) return undefined;
  // Date.parse rolls 2026-02-30 over into March; a day that does not exist is a mistake, not another day.
  const day = Number(text.slice(8, 10));
  const daysInMonth = new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate();
  return day <= daysInMonth ? ms : undefined;
}

/** ISO 8601 in UTC, without a zero fraction: `2026-02-02T05:00:00Z`. */
export function formatInstant(instant: Instant): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}

/** `2026-02-02` */
export function formatDate(instant: Instant): string {
  return new Date(instant).toISOString().slice(0, 10);
}

/** Midnight UTC before `instant`, or `instant` itself. */
export function startOfDay(instant: Instant): Instant {
  return Math.floor(instant / dayMs) * dayMs;
}
