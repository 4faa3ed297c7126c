import { requests } from '@isesim/bus';
import { formatInstant, Problem, severities, type Alarm } from '@isesim/domain';
import { z } from 'zod';
import { operation, type DeploymentHandle } from './operation.ts';

const { name, details } = requests['raise-alarm'].takes.shape;

/** A node raises an alarm; every MnT collects it and the active one mails it. */
export const alarmRaise = operation({
  takes: z.object({
    name,
    node: z.string().optional(),
    severity: z.enum(severities, { error: `is not a severity; use one of ${severities.join(', ')}` }).default('Warning'),
    details: details.default(''),
  }),
  run: async ({ deployment }, { node, ...alarm }) => {
    const raisedBy = node ?? firstRunning(deployment);
    const { id } = await deployment.ask(raisedBy, 'raise-alarm', alarm);
    return { alarm: { id, ...alarm, node: raisedBy } };
  },
});

export const alarmList = operation({
  takes: z.object({}),
  run: async ({ deployment }) => ({ alarms: (await deployment.alarms()).map(viewOf) }),
});

export type AlarmView = Omit<Alarm, 'raisedAt'> & { readonly raisedAt: string };

function firstRunning(deployment: Pick<DeploymentHandle, 'states'>): string {
  const running = deployment.states().find(({ status }) => status !== 'Disconnected');
  if (running) return running.name;
  throw new Problem('refused', 'no-node', 'no node is running', 'Start one: isesim node start <name>; "isesim status" shows them.');
}

function viewOf(alarm: Alarm): AlarmView {
  return { ...alarm, raisedAt: formatInstant(alarm.raisedAt) };
}
