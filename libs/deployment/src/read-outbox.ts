import type { Bus } from '@isesim/bus';
import type { DeploymentNode, MailEnd, Notification, Persona } from '@isesim/domain';

/** What a node owed or owes by one of its personas, and how it ended if it is done. */
export interface OutboxEntry {
  readonly node: string;
  readonly persona: Persona;
  readonly notification: Notification;
  readonly end: MailEnd | undefined;
}

/** The outboxes of all nodes, oldest first. */
export async function readOutbox(bus: Bus, nodes: readonly DeploymentNode[]): Promise<OutboxEntry[]> {
  const entries: Omit<OutboxEntry, 'end'>[] = [];
  for (const { name: node, personas } of nodes) {
    for (const persona of personas) {
      for await (const { value } of bus.readAll(bus.streams.outbox(persona, node))) entries.push({ node, persona, notification: value });
    }
  }
  // Read after the entries: one that ended meanwhile shows as done, and never an end without its entry.
  const ends = new Map<string, MailEnd>();
  for await (const { subject, value } of bus.readAll(bus.streams.outcomes)) ends.set(subject, value);
  return entries
    .map((entry) => ({ ...entry, end: ends.get(bus.subjects.outcome(entry.persona, entry.node, entry.notification.id)) }))
    .sort((a, b) => a.notification.at - b.notification.at);
}
