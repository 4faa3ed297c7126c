import { faultsText } from '../faults-text.ts';
import { map, node } from '../fields.ts';
import { action, bareField } from '../step.ts';

export const isolate = action({
  verb: 'fault isolate',
  does: 'cut a node off from the other nodes, the configuration and the duties; it keeps its own outbox and Microsoft 365',
  examples: ['isesim fault isolate ise-1'],
  fields: map({ node: node.describe('Which node') }),
  bare: bareField('node'),
  run: async ({ deployment }, { node: name }) => {
    await deployment.isolate(name);
    return { faults: deployment.faults() };
  },
  says: ({ faults }) => faultsText(faults),
});
