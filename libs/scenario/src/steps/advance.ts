import { formatInstant, parseDuration, Problem } from '@isesim/domain';
import { instant, map, span } from '../fields.ts';
import { action } from '../step.ts';

export const advance = action({
  verb: 'clock advance',
  does: 'move simulated time by a duration or to a date, with all that falls due on the way',
  examples: ['isesim clock advance 3d', 'isesim clock advance 2026-02-10', 'isesim clock advance --to 2026-02-10T09:00:00Z'],
  fields: map({
    by: span.optional().describe('How far'),
    to: instant.optional().describe('Until when; what is due then is done too'),
  })
    .refine(({ by, to }) => by !== undefined || to !== undefined, 'write by how much (by) or until when (to)')
    .refine(({ by, to }) => by === undefined || to === undefined, 'write either by or to'),
  bare: { name: 'when', fieldsOf: (when) => (/^\d{4}-/.test(when) && parseDuration(when) === undefined ? { to: when } : { by: when }), remedies: { by: 'write a duration, as 3d, or a date, as 2026-03-01' } },
  run: async ({ deployment }, { by = 0, to }) => {
    const from = deployment.now();
    const until = to ?? from + by;
    if (until < from) throw new Problem('wrong input', 'past', `${formatInstant(until)} has passed: it is ${formatInstant(from)}`, 'Simulated time moves forward only; name a later date.');
    const mailsBefore = deployment.mails.all().length;
    await deployment.advance(until);
    return { from: formatInstant(from), now: formatInstant(deployment.now()), mailsAccepted: deployment.mails.all().length - mailsBefore };
  },
  says: ({ now, mailsAccepted }) => `${now}: ${mailsAccepted === 1 ? '1 mail was' : `${mailsAccepted} mails were`} accepted on the way`,
});
