import { severities } from '@isesim/domain';
import { choice, map, node, words } from '../fields.ts';
import { action, bareField } from '../step.ts';
import { firstRunning } from './running-nodes.ts';

export const raiseAlarm = action({
  verb: 'alarm raise',
  does: 'raise an alarm on a node; the active MnT mails it',
  examples: [
    'isesim alarm raise --name "High Load Average"',
    'isesim alarm raise --name "Health Status Unavailable" --node psn-1 --severity Critical --details "no heartbeat for 15 minutes"',
  ],
  fields: map({
    name: words.min(1, 'write the name of an alarm, as High Load Average').describe('The name of the alarm'),
    node: node.optional().describe('The node that raises it. Default: the first that runs'),
    severity: choice(severities).default('Warning').describe('How bad it is'),
    details: words.default('').describe('What the alarm says'),
  }),
  bare: bareField('name'),
  run: async ({ deployment }, { node: name, ...alarm }) => {
    const raisedBy = name ?? firstRunning(deployment);
    const { id } = await deployment.ask(raisedBy, 'raise-alarm', alarm);
    return { alarm: { id, ...alarm, node: raisedBy } };
  },
  says: ({ alarm }) => `alarm "${alarm.name}" (${alarm.severity}) raised on ${alarm.node}; its mail: isesim mail wait --purpose alarm --contains "${alarm.name}"`,
  named: ({ alarm }) => alarm,
});
