import * as z from 'zod';

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const form = /^(\d{1,9}(?:\.\d{1,3})?)(s|m|h|d)$/;

export const secondMs = unitMs.s;
export const minuteMs = unitMs.m;
export const hourMs = unitMs.h;
export const dayMs = unitMs.d;

/** An own limit: 1,000,000 days. Twice as long, and no date is that late. */
export const durationMaxMs = 1_000_000 * dayMs;

/** Milliseconds of a duration such as `90s`, `15m`, `2h` or `3d`; undefined when it is not one, or longer than 1,000,000 days. */
export function parseDuration(text: string): number | undefined {
  const ms = spelled(text);
  return ms === undefined || ms > durationMaxMs ? undefined : ms;
}

/** Milliseconds of a Connection Timeout: ISE's form takes a number of seconds, and with a unit it is a duration as any other. */
export function parseConnectionTimeout(written: string | number): number | undefined {
  const text = String(written);
  return parseDuration(/^\d+$/.test(text) ? `${text}s` : text);
}

/** What to write instead of a duration that is too long; `otherwise` for a text that is none. */
export function durationRemedy(text: string, otherwise: string): string {
  return isTooLong(text) ? `write at most ${formatDuration(durationMaxMs)}` : otherwise;
}

function isTooLong(text: string): boolean {
  return (spelled(text) ?? 0) > durationMaxMs;
}

function spelled(text: string): number | undefined {
  const match = form.exec(text);
  if (!match) return undefined;
  return Math.round(Number(match[1]) * unitMs[match[2] as keyof typeof unitMs]);
}

/** The shortest exact spelling: 259200000 is `3d`. */
export function formatDuration(ms: number): string {
  for (const unit of ['d', 'h', 'm'] as const) {
    if (ms !== 0 && ms % unitMs[unit] === 0) return `${ms / unitMs[unit]}${unit}`;
  }
  return `${ms / unitMs.s}s`;
}

/** A duration in a file or request: text in, milliseconds out. */
export const durationSchema = z.string('is not a duration; write a number and s, m, h or d, as 90s, 15m or 3d').transform((text, context) => {
  const ms = parseDuration(text);
  if (ms === undefined) {
    context.addIssue({ code: 'custom', message: `${isTooLong(text) ? 'is too long' : 'is not a duration'}; ${durationRemedy(text, 'write a number and s, m, h or d, as 90s, 15m or 3d')}` });
    return z.NEVER;
  }
  return ms;
});
