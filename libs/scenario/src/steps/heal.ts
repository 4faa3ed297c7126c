import { map } from '../fields.ts';
import { nodeView } from '../node-view.ts';
import { action } from '../step.ts';

export const heal = action({
  verb: 'heal',
  does: 'end what was broken: pauses; a killed node stays dead',
  examples: ['isesim heal'],
  fields: map({}),
  run: async ({ deployment }) => {
    await deployment.heal();
    return { nodes: deployment.states().map(nodeView) };
  },
  says: ({ nodes }) => nodes.map(({ name, status }) => `${name} is ${status}`).join('\n'),
});
