import * as z from 'zod';

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const form = /^(\d{1,9}(?:\.\d{1,3})?)(s|m|h|d)$/;

export const secondMs = unitMs.s;
export const minuteMs = unitMs.m;
export const hourMs = unitMs.h;
export const dayMs = unitMs.d;

/** Milliseconds of a duration such as `90s`, `15m`, `2h` or `3d`; undefined when it is not one. */
export function parseDuration(text: string): number | undefined {
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
    context.addIssue({ code: 'custom', message: 'is not a duration; write a number and s, m, h or d, as 90s, 15m or 3d' });
    return z.NEVER;
  }
  return ms;
});
