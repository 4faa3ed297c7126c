import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseTopology } from '@isesim/topology';
import { expect, onTestFinished, test } from 'vitest';
import { bootDeployment, type BootOptions } from './boot-deployment.ts';
import { fetchNatsServer, findNatsServer } from './nats-server.ts';

const natsServer = (await findNatsServer(process.env)) ?? (await fetchNatsServer(process.env));
const file = 'name: one\nnodes:\n  - { name: ise-1, pan: primary, mnt: primary, psn: true }\nmicrosoft365: { applications: [], servicePrincipals: [] }\n';
const topology = parseTopology(file, { file: 'one.yaml', env: {} });

test('a tenant that was administered is so still when its deployment was kept', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'isesim-tenant-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const boot = async (options: Partial<BootOptions> = {}) => {
    const booted = await bootDeployment({ topology, isolation: 'inline', folder: join(folder, 'one'), seed: 1, natsServer, ...options });
    onTestFinished(() => booted.stop());
    return booted;
  };
  const before = await boot();
  const made = await before.deployment.m365({ command: '$app = New-MgApplication -DisplayName ISE; (Add-MgApplicationPassword -ApplicationId $app.Id).Hint; New-ServicePrincipal -AppId $app.AppId -ObjectId b' });
  const kept = await before.keep();

  const { deployment } = await boot({ kept });
  const shown = await deployment.m365({ command: '(Get-MgApplication).PasswordCredentials.Hint; Get-ServicePrincipal' });
  expect(shown.objects).toEqual(made.objects);
  // What is made next is nothing that was made before.
  const again = await deployment.m365({ command: '$app = New-MgApplication -DisplayName ISE; @(Get-MgApplication).AppId' });
  expect(new Set(again.objects).size).toBe(2);
});
