import { choice, map, words } from '../fields.ts';
import { given } from '../given.ts';
import { setPage } from '../set-page.ts';
import { passwordPolicyText } from '../settings-pages-text.ts';
import { action } from '../step.ts';

/** What is left out stays as it is on the page. */
export const setPasswordPolicy = action({
  verb: 'password-policy set',
  does: 'change how people are reminded of passwords that expire: one revision that replicates',
  examples: ['isesim password-policy set --from passwords@contoso.example', 'isesim password-policy set --reminders daily'],
  fields: map({
    from: words.optional().describe('From of reminders; empty for the default From address of guest mail'),
    reminders: choice(['once', 'daily']).optional().describe('One reminder for a password, or one each day until it expires'),
  }),
  run: ({ deployment }, change) => setPage(deployment, { page: 'password-policy', change: given(change) }),
  says: ({ revision, value }) => `${passwordPolicyText(value)}\n\nsaved as revision ${revision}`,
});
