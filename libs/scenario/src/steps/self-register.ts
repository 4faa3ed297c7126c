import { map } from '../fields.ts';
import { action, bareField } from '../step.ts';
import { admitGuest, admittedText, guestFields } from './admit-guest.ts';

export const selfRegister = action({
  verb: 'guest self-register',
  does: 'register as a guest at a self-registration portal',
  examples: [
    'isesim guest self-register --email ben@guest.example --first-name Ben --last-name Meyer',
    'isesim guest self-register --node psn-2 --portal self-registered --email ben@guest.example',
  ],
  fields: map(guestFields),
  bare: bareField('email'),
  run: (stage, fields) => admitGuest(stage, 'self-register', 'self-registration', fields),
  says: admittedText,
  named: ({ guest }) => ({ ...guest }),
});
