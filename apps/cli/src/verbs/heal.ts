import type { Command } from 'commander';
import { ask } from '../client/ask.ts';
import { actsOnDeployment, verb, type DeploymentOptions } from '../command.ts';
import { nodesTable } from '../output/status-text.ts';
import { showData } from '../output/show-data.ts';

export function healCommand(): Command {
  const command = verb('heal', 'end every pause; a node that was killed stays down', ['isesim heal']);
  return actsOnDeployment(command).action(async ({ json, deployment }: DeploymentOptions) => {
    const answer = await ask('heal', {}, { deployment });
    showData('heal', answer, { json }, () => nodesTable(answer.nodes));
  });
}
