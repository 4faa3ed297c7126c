import type { Command } from 'commander';
import { ask } from '../client/ask.ts';
import { actsOnDeployment, verb, type DeploymentOptions } from '../command.ts';
import { showData } from '../output/show-data.ts';

export function faultListCommand(): Command {
  const command = verb('ls', 'list what is broken now', ['isesim fault ls']);
  return actsOnDeployment(command).action(async ({ json, deployment }: DeploymentOptions) => {
    const { answer, says } = await ask('fault-ls', {}, { deployment });
    showData('fault-ls', answer, { json }, () => says);
  });
}
