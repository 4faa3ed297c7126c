import type { Command } from 'commander';
import { ask } from '../client/ask.ts';
import { actsOnDeployment, verb, type DeploymentOptions } from '../command.ts';
import { showData } from '../output/show-data.ts';

export function smtpShowCommand(): Command {
  const command = verb('show', 'show what is saved, and the draft', ['isesim smtp show']);
  return actsOnDeployment(command).action(async ({ json, deployment }: DeploymentOptions) => {
    const { answer, says } = await ask('smtp-show', {}, { deployment });
    showData('smtp-show', answer, { json }, () => says);
  });
}
