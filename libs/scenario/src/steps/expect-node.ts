import { choice, list, map, node } from '../fields.ts';
import { expectation } from '../step.ts';

const statuses = ['Connected', 'Disconnected', 'InProgress', 'ReplicationStopped', 'RegistrationFailed', 'NotInSync'] as const;
const duties = ['primary PAN', 'active MnT'] as const;

export const expectNode = expectation({
  does: 'expect a status or the duties of a node',
  fields: map({
    node: node.describe('Which node'),
    status: choice(statuses).optional().describe('Its status'),
    duties: list(choice(duties)).optional().describe('Its duties, all of them; [] for none'),
  }),
  check: ({ deployment }, { node: name, status, duties: wanted }) => {
    const state = deployment.states().find((each) => each.name === name);
    const same = wanted === undefined || (wanted.length === state?.duties.length && wanted.every((duty) => state.duties.includes(duty)));
    if (state && same && (status === undefined || state.status === status)) return { holds: true };
    const text = (stands: string | undefined, has: readonly string[] | undefined) => [stands, has && (has.join(' and ') || 'no duty')].filter(Boolean).join(', ');
    return { holds: false, expected: `${name}: ${text(status, wanted)}`, found: state ? text(state.reason === undefined ? state.status : `${state.status} (${state.reason})`, state.duties) : 'no such node', hints: [] };
  },
});
