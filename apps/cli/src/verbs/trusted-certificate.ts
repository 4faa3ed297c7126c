import type { Command } from 'commander';
import { ask } from '../client/ask.ts';
import { actsOnDeployment, verb, type DeploymentOptions } from '../command.ts';
import { showData } from '../output/show-data.ts';

export function trustedCertificateListCommand(): Command {
  const command = verb('ls', 'list the trusted certificates and what they are trusted for', ['isesim trusted-certificate ls']);
  return actsOnDeployment(command).action(async ({ json, deployment }: DeploymentOptions) => {
    const { answer, says } = await ask('trusted-certificate-ls', {}, { deployment });
    showData('trusted-certificate-ls', answer, { json }, () => says);
  });
}
