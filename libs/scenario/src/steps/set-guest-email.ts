import { map, words, yesOrNo } from '../fields.ts';
import { given } from '../given.ts';
import { setPage } from '../set-page.ts';
import { guestEmailText } from '../settings-pages-text.ts';
import { action } from '../step.ts';

/** What is left out stays as it is on the page. */
export const setGuestEmail = action({
  verb: 'guest-email set',
  does: 'change Guest Email Settings: one revision that replicates',
  examples: ['isesim guest-email set --from guests@contoso.example', 'isesim guest-email set --enabled false', 'isesim guest-email set --use-sponsor-address true'],
  fields: map({
    enabled: yesOrNo.optional().describe('Whether guests get mail at all'),
    from: words.optional().describe('Default From address'),
    useSponsorAddress: yesOrNo.optional().describe("Whether a sponsored guest's mail comes from the sponsor's own address"),
  }),
  run: ({ deployment }, change) => setPage(deployment, { page: 'guest-email', change: given(change) }),
  says: ({ revision, value }) => `${guestEmailText(value)}\n\nsaved as revision ${revision}`,
});
