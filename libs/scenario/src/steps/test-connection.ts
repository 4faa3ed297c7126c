import { isLinkFault, natsName, Problem, type ConnectionTest } from '@isesim/domain';
import { connectionTestText } from '../connection-test-text.ts';
import { faultsText } from '../faults-text.ts';
import { map, node, yesOrNo } from '../fields.ts';
import type { Stage } from '../stage.ts';
import { action } from '../step.ts';

/** Nothing but ISE's own test, on the primary PAN, lets settings be saved. */
export const testConnection = action({
  verb: 'smtp test',
  does: 'test the draft of the SMTP Server page: a token, a connection, a login, and no mail; it proves the way of the primary PAN alone',
  examples: ['isesim smtp test', 'isesim smtp test --trace', 'isesim smtp test --node psn-2    (a probe with the settings that psn-2 holds; ISE has none)'],
  fields: map({
    node: node.optional().describe('A probe from this node with the settings that it holds, which ISE has not: nothing can be saved by it. Default: ISE\'s own test, on the primary PAN'),
    trace: yesOrNo.optional().describe('Tell what happens on the way: names, connections, certificates, token, dialogue; secrets masked'),
  }),
  run: async ({ deployment }, { node: from, trace = false }) => withFaults(await deployment.settings.testConnection({ node: from, trace }), deployment),
  says: connectionTestText,
  refusal: ({ succeeded, node: from, message, remedy = 'Look at what happens on the way: isesim smtp test --trace' }) =>
    succeeded ? undefined : new Problem('refused', 'test-connection', `${from}: ${message}`, remedy),
});

/** A fault that stands on the way explains more than what would mend a real one: the remedy begins with it. */
function withFaults(test: ConnectionTest, deployment: Stage['deployment']): ConnectionTest {
  const standing = deployment.faults().filter((each) => each.fault !== 'isolated' && (!isLinkFault(each) || (each.to !== natsName && (each.node ?? test.node) === test.node)));
  if (test.succeeded || standing.length === 0) return test;
  const told = `A fault stands on its way: ${faultsText(standing).replaceAll('\n', '; ')}. End it with "isesim heal".`;
  return { ...test, remedy: test.remedy === undefined ? told : `${told}\nWithout it: ${test.remedy}` };
}
