import { formatInstant, parseDuration, parseInstant, Problem } from '@isesim/domain';
import { z } from 'zod';
import { operation, tellingStalls } from './operation.ts';
import { clockOf } from './status.ts';

const moment = z.string().transform((text, context) => {
  const byMs = parseDuration(text);
  if (byMs !== undefined) return { byMs };
  const to = parseInstant(text);
  if (to !== undefined) return { to };
  context.addIssue({ code: 'custom', message: 'is neither a duration nor a date; write 90s, 15m, 3d, 2026-02-02 or 2026-02-02T05:00:00Z' });
  return z.NEVER;
});

export const clock = operation({ takes: z.object({}), run: clockOf });

/** Moves simulated time by a duration or to a date, with all that falls due on the way. */
export const clockAdvance = operation({
  takes: z.object({ when: moment }),
  streams: true,
  run: async (supervised, { when }, call) => {
    const { deployment } = supervised;
    const from = deployment.now();
    const to = when.byMs === undefined ? when.to : from + when.byMs;
    if (to < from) throw new Problem('wrong input', 'past', `${formatInstant(to)} has passed: it is ${formatInstant(from)}`, 'Simulated time moves forward only; name a later date.');
    const mailsBefore = deployment.mails.all().length;
    await tellingStalls(supervised, call, deployment.advance(to));
    return { ...clockOf(supervised), from: formatInstant(from), mailsAccepted: deployment.mails.all().length - mailsBefore };
  },
});
