import { map } from '../fields.ts';
import { action } from '../step.ts';

export const clearProxy = action({
  verb: 'proxy clear',
  does: 'let tokens and mail of every node go the direct way again',
  examples: ['isesim proxy clear'],
  fields: map({}),
  run: ({ deployment }) => deployment.settings.setProxy(null),
  says: ({ revision }) => `saved as revision ${revision}: no proxy`,
});
