import { logComponents, logLevels } from '@isesim/domain';
import { choice, map, node } from '../fields.ts';
import { setPage } from '../set-page.ts';
import { action } from '../step.ts';

export const setLogLevel = action({
  verb: 'log-level set',
  does: "set how much a component says in a node's guest.log",
  examples: ['isesim log-level set --node psn-1 --component guestaccess --level DEBUG', 'isesim log-level set --node ise-1 --component guest-access-admin --level INFO'],
  fields: map({
    node: node.describe('Whose log: that of the node which sends the mail in question'),
    component: choice(logComponents).describe('Which component'),
    level: choice(logLevels).describe('What it says, and all that is more important'),
  }),
  run: async ({ deployment }, change) => {
    const { revision } = await setPage(deployment, { page: 'log-levels', change });
    return { ...change, revision };
  },
  says: ({ node: name, component, level, revision }) => `${component} of ${name} logs at ${level}, saved as revision ${revision}; its lines: isesim logs ${name} --component ${component}`,
});
