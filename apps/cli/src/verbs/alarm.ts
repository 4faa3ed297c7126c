import type { Command } from 'commander';
import { ask } from '../client/ask.ts';
import { actsOnDeployment, verb, verbGroup, type DeploymentOptions } from '../command.ts';
import { showData } from '../output/show-data.ts';
import { formatTable } from '../output/table.ts';
import { printable } from '../output/terminal.ts';

export function alarmCommand(): Command {
  return verbGroup('alarm', 'raise alarms and list them', [raiseCommand(), listCommand()]);
}

interface RaiseFlags extends DeploymentOptions {
  readonly name: string;
  readonly node?: string;
  readonly severity?: 'Critical' | 'Warning' | 'Info';
  readonly details?: string;
}

function raiseCommand(): Command {
  const command = verb('raise', 'raise an alarm on a node; the active MnT mails it', [
    'isesim alarm raise --name "High Load Average"',
    'isesim alarm raise --name "Health Status Unavailable" --node psn-1 --severity Critical --details "no heartbeat for 15 minutes"',
  ]);
  command
    .requiredOption('--name <name>', 'the name of the alarm')
    .option('--node <name>', 'the node that raises it (default: the first that runs)')
    .option('--severity <severity>', 'Critical, Warning or Info (default: Warning)')
    .option('--details <text>', 'what the alarm says');
  return actsOnDeployment(command).action(async ({ json, deployment, ...given }: RaiseFlags) => {
    const answer = await ask('alarm-raise', given, { deployment });
    const { name, severity, node } = answer.alarm;
    showData('alarm-raise', answer, { json }, () => printable(`alarm "${name}" (${severity}) raised on ${node}; its mail: isesim mail wait --purpose alarm`));
  });
}

function listCommand(): Command {
  const command = verb('ls', 'list the alarms, oldest first', ['isesim alarm ls', 'isesim alarm ls --json']);
  return actsOnDeployment(command).action(async ({ json, deployment }: DeploymentOptions) => {
    const answer = await ask('alarm-ls', {}, { deployment });
    showData('alarm-ls', answer, { json }, () => {
      if (answer.alarms.length === 0) return 'no alarms';
      return formatTable(['RAISED', 'SEVERITY', 'NODE', 'ALARM', 'DETAILS'], answer.alarms.map(({ raisedAt, severity, node, name, details }) => [raisedAt, severity, node, name, details]));
    });
  });
}
