import type { Command } from 'commander';
import { ask } from '../client/ask.ts';
import { actsOnDeployment, verb, verbGroup, type DeploymentOptions } from '../command.ts';
import type { Answered } from '../operations/operations.ts';
import { showData } from '../output/show-data.ts';
import { printable } from '../output/terminal.ts';

export function guestCommand(): Command {
  return verbGroup('guest', 'do what a sponsor or a guest does at a portal', [createCommand(), selfRegisterCommand()]);
}

interface GuestFlags extends DeploymentOptions {
  readonly email: string;
  readonly node?: string;
  readonly portal?: string;
  readonly type?: string;
  readonly validFor?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly sponsor?: string;
}

function createCommand(): Command {
  const command = verb('create', 'create a guest at a sponsor portal; the PSN that serves it mails the credentials', [
    'isesim guest create --email ana@guest.example',
    'isesim guest create --node psn-1 --portal sponsor --type Contractor --email ana@guest.example --valid-for 5d',
  ]);
  guestFlags(command, 'the first sponsor portal').option('--sponsor <name>', 'who creates the guest (default: the first sponsor)');
  return actsOnDeployment(command).action(async ({ json, deployment, ...form }: GuestFlags) => {
    const answer = await ask('guest-create', form, { deployment });
    showData('guest-create', answer, { json }, () => guestText(answer));
  });
}

function selfRegisterCommand(): Command {
  const command = verb('self-register', 'register as a guest at a self-registration portal', [
    'isesim guest self-register --email ben@guest.example --first-name Ben --last-name Meyer',
    'isesim guest self-register --node psn-2 --portal self-registered --email ben@guest.example',
  ]);
  guestFlags(command, 'the first self-registration portal');
  return actsOnDeployment(command).action(async ({ json, deployment, ...form }: GuestFlags) => {
    const answer = await ask('guest-self-register', form, { deployment });
    showData('guest-self-register', answer, { json }, () => guestText(answer));
  });
}

function guestFlags(command: Command, portalDefault: string): Command {
  return command
    .requiredOption('--email <address>', "the guest's mail address")
    .option('--node <name>', 'the PSN that serves the portal (default: the first that runs)')
    .option('--portal <name>', `the portal (default: ${portalDefault})`)
    .option('--type <name>', 'the guest type (default: the first)')
    .option('--valid-for <duration>', 'how long the account is valid, as 12h or 5d (default: the longest of the type)')
    .option('--first-name <name>', "the guest's first name")
    .option('--last-name <name>', "the guest's last name");
}

function guestText({ guest, node }: Answered<'guest-create'>): string {
  const { username, email, type, portal, validTo } = guest;
  return printable(`guest ${username} (${email}), ${type}, valid until ${validTo}\nmade at portal ${portal} on ${node}; its mail: isesim mail wait --to ${email}`);
}
