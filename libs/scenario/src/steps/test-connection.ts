import { Problem } from '@isesim/domain';
import { connectionTestText } from '../connection-test-text.ts';
import { map, node, yesOrNo } from '../fields.ts';
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
  run: ({ deployment }, { node: from, trace = false }) => deployment.settings.testConnection({ node: from, trace }),
  says: connectionTestText,
  refusal: ({ succeeded, node: from, message, remedy = 'Look at what happens on the way: isesim smtp test --trace' }) =>
    succeeded ? undefined : new Problem('refused', 'test-connection', `${from}: ${message}`, remedy),
});
