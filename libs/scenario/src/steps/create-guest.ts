import { map, sponsor } from '../fields.ts';
import { action, bareField } from '../step.ts';
import { admitGuest, admittedText, guestFields } from './admit-guest.ts';

export const createGuest = action({
  verb: 'guest create',
  does: 'create a guest at a sponsor portal; the PSN that serves it mails the credentials',
  examples: [
    'isesim guest create --email ana@guest.example',
    'isesim guest create --node psn-1 --portal sponsor --type Contractor --email ana@guest.example --valid-for 5d',
  ],
  fields: map({ ...guestFields, sponsor: sponsor.optional().describe('Who creates the guest. Default: the first sponsor') }),
  bare: bareField('email'),
  run: (stage, fields) => admitGuest(stage, 'create-guest', 'sponsor', fields),
  says: admittedText,
  named: ({ guest }) => ({ ...guest }),
});
