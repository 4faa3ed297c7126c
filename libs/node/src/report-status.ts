import type { Bus, NodeReport } from '@isesim/bus';
import type { HeldConfiguration, NodeBoot } from '@isesim/domain';
import type { SettingsReplication } from '@isesim/settings-replication';
import { isComplete } from './duties.ts';

/** Keeps the deployment told of the status and of the revision that this node holds. */
export async function reportStatus(bus: Bus, boot: NodeBoot, settings: SettingsReplication): Promise<void> {
  const report = async (held: HeldConfiguration) => {
    await bus.write(bus.streams.status, bus.subjects.report(boot.node.name), nodeReport(boot, held));
  };
  await report(settings.held());
  // While the first pages arrive there is nothing new to tell: the node is InProgress until it holds them all.
  settings.onChange((held) => (isComplete(held) ? report(held) : undefined));
}

function nodeReport({ node, incarnation }: NodeBoot, held: HeldConfiguration): NodeReport {
  const registered = held.pages.deployment?.nodes.some(({ name }) => name === node.name) ?? false;
  return {
    node: node.name,
    incarnation,
    status: isComplete(held) && registered ? 'Connected' : 'InProgress',
    settingsRevision: held.revision,
    smtpServer: held.pages['smtp-server'] ? 'configured' : 'not configured',
    pid: process.pid,
  };
}
