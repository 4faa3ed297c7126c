import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { applicationObjectId, secret, WorkLog, wellMadeTenant } from '../test-world.ts';
import { PowerShell } from '../powershell/power-shell.ts';
import { TenantFile } from './tenant-file.ts';
import { TenantState } from './tenant-state.ts';

const key = Buffer.alloc(32, 7).toString('base64');
const random = { text: (_: string, length: number, letters = 'abcdef') => letters.charAt(1).repeat(length), fraction: () => 0.5 };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isesim-tenant-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

function powerShell(tenant: TenantState) {
  const file = new TenantFile(folder, key, new WorkLog());
  return new PowerShell({ tenant, clock: { now: () => 1_000 }, random, keep: (kept) => file.write(kept) });
}

test('what was changed is there after a restart, secrets included, which stand sealed in a file for its owner alone', async () => {
  const before = new TenantState(wellMadeTenant(), { now: () => 1_000 });
  await powerShell(before).run({ command: `Set-CASMailbox no-reply -SmtpClientAuthenticationDisabled $true; Add-MgApplicationPassword -ApplicationId ${applicationObjectId}` });
  const text = await readFile(join(folder, 'tenant.json'), 'utf8');
  const made = before.current.applications[0]?.secrets[1]?.value.reveal() ?? '';
  for (const value of [secret, made]) expect(text).not.toContain(value);
  expect((await stat(join(folder, 'tenant.json'))).mode & 0o077).toBe(0);

  const kept = await new TenantFile(folder, key, new WorkLog()).read(wellMadeTenant());
  const after = new TenantState(kept ?? expect.unreachable(), { now: () => 2_000 });
  expect(after.current).toEqual(before.current);
  expect(after.kept).toMatchObject({ begun: 1_000, changes: 2 });
  expect(after.current.applications[0]?.secrets.map(({ value }) => value.reveal())).toEqual([secret, made]);
});

test('a command that changes nothing, or fails, writes nothing', async () => {
  await powerShell(new TenantState(wellMadeTenant())).run({ command: 'Get-ServicePrincipal; Get-Nothing' });
  expect(await readdir(folder)).toEqual([]);
});

test('there is none in a new folder, nor for another tenant', async () => {
  const file = new TenantFile(folder, key, new WorkLog());
  expect(await file.read(wellMadeTenant())).toBeUndefined();
  await file.write(new TenantState(wellMadeTenant()).kept);
  expect(await file.read({ ...wellMadeTenant(), tenantId: 'another' })).toBeUndefined();
});

test('writes end in the order in which they were asked for', async () => {
  const file = new TenantFile(folder, key, new WorkLog());
  const state = new TenantState(wellMadeTenant());
  const writes = Array.from({ length: 20 }, () => {
    state.change((tenant) => tenant);
    return file.write(state.kept);
  });
  await Promise.all(writes);
  expect(await file.read(wellMadeTenant())).toMatchObject({ changes: 20 });
  expect(await readdir(folder)).toEqual(['tenant.json']);
});
