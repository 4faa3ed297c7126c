import { formatInstant, type Alarm } from '@isesim/domain';
import * as z from 'zod';
import { operation } from './operation.ts';

export const alarmList = operation({
  takes: z.object({}),
  run: async ({ deployment }) => ({ alarms: (await deployment.alarms()).map(viewOf) }),
});

export type AlarmView = Omit<Alarm, 'raisedAt'> & { readonly raisedAt: string };

function viewOf(alarm: Alarm): AlarmView {
  return { ...alarm, raisedAt: formatInstant(alarm.raisedAt) };
}
