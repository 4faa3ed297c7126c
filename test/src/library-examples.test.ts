import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootDeployment } from '@isesim/testing';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

it("the example of settings-replication's README replicates, and shows who is primary", async () => {
  const output = await run(exampleOf('libs/settings-replication', 'js'), 'settings-replication.mjs', []);
  expect(output).toMatch(/^psn-1 holds revision \d+ of ise-1: \{\n {2}host: 'smtp\.office365\.com'/m);
  expect(output).toContain('ise-1 is not the primary PAN (ise-2 is)');
  expect(output).not.toContain('hunter2');
}, 60_000);

it("the example of oauth-mail's README connects, and its mail is accepted", async () => {
  await using deployment = await bootDeployment(join(root, 'topology/standalone.yaml'));
  const { login, smtp, caFile } = deployment.microsoft365;
  // Two changes, no more: where Microsoft's names lead to, and whom to trust.
  const addresses = JSON.stringify({ 'login.microsoftonline.com': login, 'smtp.office365.com': smtp });
  const example = replaced(exampleOf('libs/oauth-mail', 'ts'), [
    ['connect({ host, port })', `connect((${addresses} as Record<string, { host: string; port: number }>)[host] ?? { host, port })`],
    ['trustedCertificates: () => rootCertificates', `trustedCertificates: () => [${JSON.stringify(readFileSync(caFile, 'utf8'))}]`],
  ]);
  const { tenantId } = deployment.stage.deployment.topology.microsoft365;
  const output = await run(example, 'oauth-mail.ts', ['ana@guest.example'], { ENTRA_TENANT_ID: tenantId });
  expect(output.match(/kind: 'accepted'/g)).toHaveLength(2);
  expect(await deployment.mails({ to: 'ana@guest.example' })).toMatchObject([{ subject: 'A test' }]);
}, 60_000);

function exampleOf(library: string, language: string): string {
  const [, example] = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(readFileSync(join(root, library, 'README.md'), 'utf8')) ?? [];
  if (example === undefined) throw new Error(`${library}/README.md has no example`);
  return example;
}

function replaced(text: string, changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((changed, [from, to]) => {
    expect(changed).toContain(from);
    return changed.replace(from, () => to);
  }, text);
}

/** Runs an example as its reader would, from the root folder. */
async function run(example: string, name: string, args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const folder = join(root, 'test-results', `example-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  writeFileSync(file, example);
  try {
    return await new Promise<string>((resolve, reject) => {
      execFile(process.execPath, ['--import', 'tsx', '--conditions=@isesim/source', file, ...args], { cwd: root, env: { ...process.env, FORCE_COLOR: '0', ...env } }, (error, stdout, stderr) => {
        if (error) reject(new Error(`${stdout}${stderr}`, { cause: error }));
        else resolve(stdout);
      });
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
