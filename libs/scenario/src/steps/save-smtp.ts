import { map } from '../fields.ts';
import { action } from '../step.ts';

export const saveSmtp = action({
  verb: 'smtp save',
  does: 'save the draft of the SMTP Server page: one revision, which every node follows; OAuth settings must have been tested as they are',
  examples: ['isesim smtp save'],
  fields: map({}),
  run: ({ deployment }) => deployment.ask(deployment.holderOf('primary PAN'), 'smtp-save', {}),
  says: ({ revision }) => `saved as revision ${revision}; who holds it: isesim status`,
});
