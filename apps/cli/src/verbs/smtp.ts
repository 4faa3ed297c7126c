import type { Command } from 'commander';
import { ask } from '../client/ask.ts';
import { readSecret } from '../client/read-secret.ts';
import { actsOnDeployment, verb, verbGroup, type DeploymentOptions } from '../command.ts';
import { showData } from '../output/show-data.ts';
import { formatTable } from '../output/table.ts';

export function smtpCommand(): Command {
  return verbGroup('smtp', "show and change the SMTP Server page (the primary PAN's)", [showCommand(), setCommand(), saveCommand()]);
}

function showCommand(): Command {
  const command = verb('show', 'show what is saved, and the draft', ['isesim smtp show']);
  return actsOnDeployment(command).action(async ({ json, deployment }: DeploymentOptions) => {
    const page = await ask('smtp-show', {}, { deployment });
    showData('smtp-show', page, { json }, () => pageText(page));
  });
}

interface SetOptions extends DeploymentOptions {
  readonly clientSecretFile?: string;
  readonly authentication?: 'none' | 'exchange-online-oauth';
  readonly emailAddress?: string;
  readonly clientId?: string;
  readonly tenantId?: string;
}

function setCommand(): Command {
  const command = verb('set', 'edit the draft; "smtp save" makes it a revision that replicates', [
    'isesim smtp set --connection-timeout 30s',
    'isesim smtp set --client-secret-file secret.txt    ("-" reads standard input)',
    'ISESIM_CLIENT_SECRET=… isesim smtp set --client-id 7d8f0c1e-1111-4222-8333-444455556666',
  ]);
  command
    .option('--host <host>', 'SMTP server')
    .option('--port <port>', 'SMTP port')
    .option('--connection-timeout <duration>', 'as 60s')
    .option('--tls <true|false>', 'use TLS/SSL encryption')
    .option('--authentication <kind>', 'none or exchange-online-oauth')
    .option('--email-address <address>', 'the mailbox that authenticates')
    .option('--client-id <id>', 'application (client) ID')
    .option('--tenant-id <id>', 'directory (tenant) ID')
    .option('--expiry-date <date>', "the secret's, as 2026-08-01")
    .option('--client-secret-file <file>', 'the client secret; it also comes by ISESIM_CLIENT_SECRET, never as an argument');
  return actsOnDeployment(command).action(async ({ json, deployment, clientSecretFile, ...typed }: SetOptions) => {
    // The environment counts only beside another field of OAuth: whoever sets a port does not mean the secret.
    const oauth = [typed.authentication, typed.emailAddress, typed.clientId, typed.tenantId].some((field) => field !== undefined);
    const clientSecret = readSecret(clientSecretFile, oauth ? process.env['ISESIM_CLIENT_SECRET'] : undefined);
    const page = await ask('smtp-set', { ...typed, ...(clientSecret === undefined ? {} : { clientSecret }) }, { deployment });
    showData('smtp-set', page, { json }, () => `${pageText(page)}\n\nSave it with: isesim smtp save`);
  });
}

function saveCommand(): Command {
  const command = verb('save', 'save the draft: one revision, which every node follows', ['isesim smtp save']);
  return actsOnDeployment(command).action(async ({ json, deployment }: DeploymentOptions) => {
    const page = await ask('smtp-save', {}, { deployment });
    showData('smtp-save', page, { json }, () => `saved as revision ${page.revision}; who holds it: isesim status`);
  });
}

function pageText({ saved, draft }: { saved?: unknown; draft?: unknown }): string {
  const [before, after] = [flat(saved), flat(draft)];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return formatTable(['FIELD', 'SAVED', 'DRAFT'], names.map((name) => [name, before[name] ?? '', after[name] === before[name] ? '' : (after[name] ?? '(none)')]));
}

function flat(value: unknown, path = ''): Record<string, string> {
  if (value === null || typeof value !== 'object') return { [path]: String(value) };
  return Object.assign({}, ...Object.entries(value).map(([name, each]) => flat(each, path === '' ? name : `${path}.${name}`))) as Record<string, string>;
}
