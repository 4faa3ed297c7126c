import type { Command } from 'commander';
import { ask } from '../client/ask.ts';
import { actsOnDeployment, verb, verbGroup, type DeploymentOptions } from '../command.ts';
import { showData, envelope } from '../output/show-data.ts';
import { mailLine, mailsTable, mailText, outboxTable } from '../output/mail-text.ts';
import { missedMail } from '../missed-mail.ts';

export function mailCommand(): Command {
  return verbGroup('mail', 'look at the mail that was accepted, and wait for more', [listCommand(), showCommand(), waitCommand(), tailCommand(), outboxCommand()]);
}

interface FilterFlags extends DeploymentOptions {
  readonly purpose?: string;
  readonly template?: string;
  readonly sentBy?: string;
  readonly to?: string;
  readonly from?: string;
  readonly subject?: string;
  readonly contains?: string;
}

function listCommand(): Command {
  const command = verb('ls', 'list the mail that was accepted, oldest first', ['isesim mail ls', 'isesim mail ls --purpose alarm --sent-by ise-2', 'isesim mail ls --json']);
  return actsOnDeployment(filterFlags(command)).action(async ({ json, deployment, ...filter }: FilterFlags) => {
    const answer = await ask('mail-ls', filterOf(filter), { deployment });
    showData('mail-ls', answer, { json }, () => mailsTable(answer.mails));
  });
}

function showCommand(): Command {
  const command = verb('show <id>', 'show one mail, by its id or as much of it as only it has: its record, who connected, and its text', ['isesim mail show 0f8b1c2d3e4f', 'isesim mail show 0f8b', 'isesim mail show 0f8b1c2d3e4f --source']);
  command.option('--source', 'print the message as it was received');
  return actsOnDeployment(command).action(async (id: string, { json, deployment, source }: DeploymentOptions & { source?: boolean }) => {
    const answer = await ask('mail-show', { id }, { deployment });
    const { default: PostalMime } = await import('postal-mime');
    const { text = '' } = await PostalMime.parse(answer.source);
    showData('mail-show', { ...answer, text }, { json }, () => (source === true ? answer.source : mailText(answer.mail, text)));
  });
}

function waitCommand(): Command {
  const command = verb('wait', 'wait until a mail is accepted that fits; one that was accepted already counts', [
    'isesim mail wait --to ana@guest.example',
    'isesim mail wait --purpose alarm --to admin@contoso.example --sent-by ise-2 --timeout 30s',
  ]);
  filterFlags(command).option('--count <number>', 'wait until so many have been accepted').option('--timeout <duration>', 'how long to wait, in real time (default: 30s; where time is stepped, until nothing happens any more)');
  return actsOnDeployment(command).action(async ({ json, deployment, timeout, count, ...given }: FilterFlags & { timeout?: string; count?: string }) => {
    const filter = filterOf(given);
    const answer = await ask('mail-wait', { ...filter, ...(timeout === undefined ? {} : { timeout }), ...(count === undefined ? {} : { count }) }, { deployment });
    if (!('mail' in answer)) throw missedMail({ wanted: filter, count, timeout: timeout ?? '30s', ...answer });
    showData('mail-wait', answer, { json }, () => answer.mails.map(mailLine).join('\n'));
  });
}

function tailCommand(): Command {
  const command = verb('tail', 'print every mail as it is accepted, until Ctrl-C', ['isesim mail tail', 'isesim mail tail --purpose alarm --json']);
  return actsOnDeployment(filterFlags(command)).action(async ({ json, deployment, ...filter }: FilterFlags) => {
    await ask('mail-tail', filterOf(filter), {
      deployment,
      onItem: ({ mail }) => {
        const record = mail as Parameters<typeof mailLine>[0];
        process.stdout.write(`${json === true ? envelope('mail-tail', { mail: record }) : mailLine(record)}\n`);
      },
    });
  });
}

function outboxCommand(): Command {
  const command = verb('outbox', 'list the mail that nodes have yet to send', ['isesim mail outbox', 'isesim mail outbox --all --json']);
  command.option('--all', 'also what is done');
  return actsOnDeployment(command).action(async ({ json, deployment, all = false }: DeploymentOptions & { all?: boolean }) => {
    const answer = await ask('mail-outbox', { all }, { deployment });
    showData('mail-outbox', answer, { json }, () => outboxTable(answer.entries, answer.neverSent));
  });
}

function filterFlags(command: Command): Command {
  return command
    .option('--purpose <purpose>', 'guest-expiry, password-expiry, alarm, portal-notification or portal-test')
    .option('--template <template>', 'the kind of text, as guest-credentials')
    .option('--sent-by <node>', 'the node that sent it, by the evidence of the receiving side')
    .option('--to <address>', 'one of its recipients')
    .option('--from <address>', 'its sender address')
    .option('--subject <text>', 'its subject')
    .option('--contains <text>', 'a part of its subject or text');
}

/** The server checks the names of purposes and templates, and says which there are. */
function filterOf(flags: Omit<FilterFlags, keyof DeploymentOptions>): Parameters<typeof ask<'mail-ls'>>[1] {
  return flags as Parameters<typeof ask<'mail-ls'>>[1];
}
