import type { Command } from 'commander';
import { ask } from '../client/ask.ts';
import { keptNames } from '../client/kept-state.ts';
import { actsOnDeployment, verb, type DeploymentOptions } from '../command.ts';
import { showData } from '../output/show-data.ts';
import { statusText } from '../output/status-text.ts';

export function statusCommand(): Command {
  const command = verb('status', 'show the nodes of a running deployment, their roles, duties and statuses, and where it listens', ['isesim status', 'isesim status --json', 'isesim status --deployment demo']);
  return actsOnDeployment(command).action(async (options: DeploymentOptions) => {
    const status = await ask('status', {}, options);
    const kept = (await keptNames(process.env)).filter((name) => name !== status.deployment);
    showData('status', { ...status, ...(kept.length > 0 && { kept }) }, options, () => statusText(status, kept));
  });
}
