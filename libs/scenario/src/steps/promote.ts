import { map, node } from '../fields.ts';
import { action, bareField } from '../step.ts';

export const promote = action({
  verb: 'node promote',
  does: 'make the secondary PAN the primary one; its duty and what the former one owes move to it',
  examples: ['isesim node promote ise-2'],
  fields: map({ node: node.describe('The secondary PAN') }),
  bare: bareField('node'),
  run: async ({ deployment }, { node: name }) => {
    const former = deployment.holderOf('primary PAN');
    await deployment.promote(name);
    return { node: name, former };
  },
  says: ({ node: name, former }) => `${name} is the primary PAN now, ${former} was; who holds what: isesim status`,
});
