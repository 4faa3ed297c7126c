import { guest, map, node } from '../fields.ts';
import { action, bareField } from '../step.ts';
import { guestView, noGuestMail } from './admit-guest.ts';
import { servingPsn } from './running-nodes.ts';

export const resetGuestPassword = action({
  verb: 'guest reset-password',
  does: 'give a guest a new password, as a sponsor; the primary PAN writes it, and the PSN that serves the portal mails it',
  examples: ['isesim guest reset-password ana@guest.example', 'isesim guest reset-password ana4702 --node psn-2'],
  fields: map({
    guest,
    node: node.optional().describe('The PSN that serves the sponsor portal. Default: the first that runs'),
  }),
  bare: bareField('guest'),
  run: async ({ deployment }, { node: name, guest: called }) => {
    const psn = servingPsn(deployment, name);
    const { guest: reset, mailed } = await deployment.ask(psn, 'reset-guest-password', { guest: called });
    return { guest: guestView(reset), node: psn, mailed };
  },
  says: ({ guest: { username, email }, node: psn, mailed }) => `${username} has a new password${mailed ? `, mailed from ${psn}: isesim mail wait --template password-reset --to ${email}` : `; ${noGuestMail}`}`,
});
