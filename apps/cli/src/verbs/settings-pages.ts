import type { Command } from 'commander';
import { ask } from '../client/ask.ts';
import { actsOnDeployment, verb, type DeploymentOptions } from '../command.ts';
import { showData } from '../output/show-data.ts';
import { printable } from '../output/terminal.ts';

export function guestEmailShowCommand(): Command {
  return showCommand('guest-email-show', 'show Guest Email Settings', 'isesim guest-email show');
}

export function alarmSettingsShowCommand(): Command {
  return showCommand('alarm-settings-show', 'show Alarm Notification', 'isesim alarm-settings show');
}

export function passwordPolicyShowCommand(): Command {
  return showCommand('password-policy-show', 'show the password policy', 'isesim password-policy show');
}

export function logLevelShowCommand(): Command {
  return showCommand('log-level-show', 'show the log levels of every node', 'isesim log-level show');
}

function showCommand(operation: 'guest-email-show' | 'alarm-settings-show' | 'password-policy-show' | 'log-level-show', does: string, example: string): Command {
  return actsOnDeployment(verb('show', does, [example])).action(async ({ json, deployment }: DeploymentOptions) => {
    const { answer, says } = await ask(operation, {}, { deployment });
    showData(operation, answer, { json }, () => printable(says));
  });
}
