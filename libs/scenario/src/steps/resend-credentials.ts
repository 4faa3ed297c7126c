import { guest, map, node, words, yesOrNo } from '../fields.ts';
import { action, bareField } from '../step.ts';
import { guestView } from './admit-guest.ts';
import { servingPsn } from './running-nodes.ts';

export const resendCredentials = action({
  verb: 'guest resend',
  does: 'send a guest the credentials again, as a sponsor; the PSN that serves the portal mails them',
  examples: ['isesim guest resend ana@guest.example', 'isesim guest resend ana@guest.example --node psn-2 --copy-me --summary --sponsor-email sponsor@contoso.example'],
  fields: map({
    guest,
    node: node.optional().describe('The PSN that serves the sponsor portal. Default: the first that runs'),
    copyMe: yesOrNo.optional().describe('Copy me: the sponsor gets what the guest gets'),
    summary: yesOrNo.optional().describe('Send me a summary: the sponsor gets the account as the list shows it'),
    sponsorEmail: words.optional().describe("Sponsor's Email address. Default: that of the sponsor who made the account"),
  }),
  bare: bareField('guest'),
  run: async ({ deployment }, { node: name, copyMe = false, summary = false, ...asked }) => {
    const psn = servingPsn(deployment, name);
    const { guest: sent, to } = await deployment.ask(psn, 'resend-credentials', { ...asked, copyMe, summary });
    return { guest: guestView(sent), to, node: psn };
  },
  says: ({ guest: { username }, to, node: psn }) => `credentials of ${username} sent again from ${psn} to ${[...new Set(to)].join(', ')}; the mail: isesim mail wait --template guest-credentials-resent --to ${to[0] ?? ''}`,
});
