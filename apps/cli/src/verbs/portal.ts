import type { Command } from 'commander';
import { ask } from '../client/ask.ts';
import { actsOnDeployment, verb, verbGroup, type DeploymentOptions } from '../command.ts';
import { showData } from '../output/show-data.ts';
import { printable } from '../output/terminal.ts';

export function portalCommand(): Command {
  return verbGroup('portal', 'do what an administrator does on the page of a portal', [testMailCommand()]);
}

function testMailCommand(): Command {
  const command = verb('test-mail', 'send the test email of a portal; the primary PAN sends it', [
    'isesim portal test-mail --to admin@contoso.example',
    'isesim portal test-mail --portal sponsor --to admin@contoso.example',
  ]);
  command.requiredOption('--to <address>', 'who gets it').option('--portal <name>', 'the portal (default: the first)');
  return actsOnDeployment(command).action(async ({ json, deployment, ...given }: DeploymentOptions & { to: string; portal?: string }) => {
    const answer = await ask('portal-test-mail', given, { deployment });
    showData('portal-test-mail', answer, { json }, () => printable(`test email of portal ${answer.portal} to ${answer.to}, from ${answer.node}; its mail: isesim mail wait --purpose portal-test`));
  });
}
