import { alarmKind, type Administrator, type Alarm } from '@isesim/domain';
import type { IseNode } from '@isesim/node';
import { alarmData } from '@isesim/notifications';

/**
 * Both MnTs collect every alarm; the one that is active mails it. Whoever becomes active goes through all that it has
 * collected: what was told already is known by its id.
 */
export async function mailAlarms(node: IseNode): Promise<void> {
  const collected: Alarm[] = [];
  let active = false;
  await node.whileHolding('active MnT', async () => {
    active = true;
    for (const alarm of [...collected]) await mailAlarm(node, alarm);
    return () => {
      active = false;
    };
  });
  await node.followAlarms(async (alarm) => {
    collected.push(alarm);
    if (active) await mailAlarm(node, alarm);
  });
}

/** Administrators who asked for system alarms in e-mails, and the additional recipients of Alarm Notification: one mail to all. */
export function recipientsOf(administrators: readonly Administrator[], additional: readonly string[]): string[] {
  const asked = administrators.filter(({ systemAlarmsInEmail }) => systemAlarmsInEmail).map(({ email }) => email);
  return [...new Set([...asked, ...additional])];
}

async function mailAlarm(node: IseNode, alarm: Alarm): Promise<void> {
  // Each alarm is durable before the next one is told: meanwhile the duty may have moved, and the rest with it.
  if (!node.holds('active MnT')) return;
  const to = recipientsOf(node.page('administrators').administrators, node.page('alarm-notification').additionalRecipients);
  if (to.length === 0) return;
  await node.notify({
    id: `alarm-${alarm.id}`,
    purpose: 'alarm',
    template: 'alarm',
    to,
    data: alarmData(alarm, alarmKind(alarm.name)),
    traceId: node.world.random.text(`trace alarm ${alarm.id}`, 16),
    at: node.world.clock.now(),
  });
}
