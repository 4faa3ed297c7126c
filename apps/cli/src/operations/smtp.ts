import { smtpPageText } from '@isesim/scenario';
import * as z from 'zod';
import { operation } from './operation.ts';

/** The SMTP Server page of the primary PAN: what is saved, and the draft that `smtp save` would save. */
export const smtpShow = operation({
  takes: z.object({}),
  run: async ({ deployment }) => {
    const answer = await deployment.ask(deployment.holderOf('primary PAN'), 'smtp-show', {});
    return { answer, says: smtpPageText(answer) };
  },
});
