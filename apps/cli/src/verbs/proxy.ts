import type { Command } from 'commander';
import { ask } from '../client/ask.ts';
import { actsOnDeployment, verb, type DeploymentOptions } from '../command.ts';
import { showData } from '../output/show-data.ts';

export function proxyShowCommand(): Command {
  const command = verb('show', 'show the proxy that tokens and mail go through', ['isesim proxy show']);
  return actsOnDeployment(command).action(async ({ json, deployment }: DeploymentOptions) => {
    const { answer, says } = await ask('proxy-show', {}, { deployment });
    showData('proxy-show', answer, { json }, () => says);
  });
}
