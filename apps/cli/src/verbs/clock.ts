import type { Command } from 'commander';
import { ask } from '../client/ask.ts';
import { showNotice } from '../client/show-notice.ts';
import { actsOnDeployment, verb, type DeploymentOptions } from '../command.ts';
import { showData } from '../output/show-data.ts';

export function clockCommand(): Command {
  const command = verb('clock', 'show simulated time', ['isesim clock', 'isesim clock advance 3d']);
  actsOnDeployment(command).action(async ({ json, deployment }: DeploymentOptions) => {
    const answer = await ask('clock', {}, { deployment });
    showData('clock', answer, { json }, () => `${answer.now} (${answer.time})`);
  });
  // An option behind "advance" is of that verb, though this one has it too.
  return command.enablePositionalOptions().addCommand(advanceCommand());
}

function advanceCommand(): Command {
  const command = verb('advance <when>', 'move simulated time by a duration or to a date, with all that falls due on the way', [
    'isesim clock advance 3d',
    'isesim clock advance 2026-02-10',
    'isesim clock advance 2026-02-10T09:00:00Z',
  ]);
  return actsOnDeployment(command).action(async (when: string, { json, deployment }: DeploymentOptions) => {
    const answer = await ask('clock-advance', { when }, { deployment, onItem: showNotice });
    const { now, mailsAccepted } = answer;
    showData('clock-advance', answer, { json }, () => `${now}: ${mailsAccepted === 1 ? '1 mail was' : `${mailsAccepted} mails were`} accepted on the way`);
  });
}
