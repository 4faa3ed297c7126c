import { map, node, number, words } from '../fields.ts';
import { bareField, expectation } from '../step.ts';

export const expectAlarm = expectation({
  does: 'expect an alarm that was raised, mailed or not',
  fields: map({
    name: words.describe('The name of the alarm'),
    node: node.optional().describe('The node that raised it'),
    count: number(0, 1_000_000).optional().describe('Exactly so many. Default: at least one'),
  }),
  bare: bareField('name'),
  check: async ({ deployment }, { name, node: raisedBy, count }) => {
    const alarms = await deployment.alarms();
    const fitting = alarms.filter((alarm) => alarm.name === name && (raisedBy === undefined || alarm.node === raisedBy));
    if (count === undefined ? fitting.length > 0 : fitting.length === count) return { holds: true };
    return {
      holds: false,
      expected: `${count === undefined ? 'at least one alarm' : `exactly ${count}`}: "${name}"${raisedBy === undefined ? '' : ` raised on ${raisedBy}`}`,
      found: String(fitting.length),
      hints: [['alarms', alarms.map((alarm) => `"${alarm.name}" on ${alarm.node}`).join('; ') || 'none was raised']],
    };
  },
});
