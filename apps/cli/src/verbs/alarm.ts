import type { Command } from 'commander';
import { ask } from '../client/ask.ts';
import { actsOnDeployment, verb, type DeploymentOptions } from '../command.ts';
import { showData } from '../output/show-data.ts';
import { formatTable } from '../output/table.ts';

export function alarmListCommand(): Command {
  const command = verb('ls', 'list the alarms, oldest first', ['isesim alarm ls', 'isesim alarm ls --json']);
  return actsOnDeployment(command).action(async ({ json, deployment }: DeploymentOptions) => {
    const answer = await ask('alarm-ls', {}, { deployment });
    showData('alarm-ls', answer, { json }, () => {
      if (answer.alarms.length === 0) return 'no alarms';
      return formatTable(['RAISED', 'SEVERITY', 'NODE', 'ALARM', 'DETAILS'], answer.alarms.map(({ raisedAt, severity, node, name, details }) => [raisedAt, severity, node, name, details]));
    });
  });
}
