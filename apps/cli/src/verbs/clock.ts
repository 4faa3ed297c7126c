import type { Command } from 'commander';
import { ask } from '../client/ask.ts';
import { actsOnDeployment, verb, type DeploymentOptions } from '../command.ts';
import { showData } from '../output/show-data.ts';
import { stepVerbsOf } from './step-verb.ts';

export function clockCommand(): Command {
  const command = verb('clock', 'show simulated time', ['isesim clock', 'isesim clock advance 3d']);
  actsOnDeployment(command).action(async ({ json, deployment }: DeploymentOptions) => {
    const answer = await ask('clock', {}, { deployment });
    showData('clock', answer, { json }, () => `${answer.now} (${answer.time})`);
  });
  // An option behind "advance" is of that verb, though this one has it too.
  command.enablePositionalOptions();
  for (const each of stepVerbsOf('clock')) command.addCommand(each);
  return command;
}
