import { map, node } from '../fields.ts';
import { nodeView } from '../node-view.ts';
import type { Stage } from '../stage.ts';
import { action, bareField } from '../step.ts';

interface OnNode {
  readonly verb: `node ${string}`;
  readonly does: string;
  readonly act: (deployment: Stage['deployment'], node: string) => Promise<void>;
}

/** A step that does something to one node and answers with its state after that. */
export function onNode({ verb, does, act }: OnNode) {
  return action({
    verb,
    does,
    examples: [`isesim ${verb} psn-1`],
    fields: map({ node: node.describe('Which node') }),
    bare: bareField('node'),
    run: async ({ deployment }, { node: name }) => {
      await act(deployment, name);
      const state = deployment.states().find((each) => each.name === name);
      return { node: state ? nodeView(state) : null };
    },
    says: ({ node: state }) => (state ? `${state.name} is ${state.status}${state.reason === undefined ? '' : ` (${state.reason})`}` : ''),
  });
}
