import type { Tenant } from '@isesim/domain';
import { beforeEach } from 'vitest';
import { sharedWorld } from '../fixtures/shared-world.ts';
import { tenantId, xoauth2, type TestWorld } from '../test-world.ts';
import { PowerShell, type PowerShellCommand, type PowerShellResult } from './power-shell.ts';

export const domain = 'contoso.onmicrosoft.com';

/** A tenant in which nothing has been done yet. */
export function emptyTenant(): Tenant {
  return { tenantId, domain, mailboxes: [], applications: [], servicePrincipals: [], latency: { tokenMs: 0, connectMs: 0, submitMs: 0 } };
}

/** One double for all tests of a file, of an empty tenant before each of them. */
export function emptyTenantWorld(): TestWorld {
  const world = sharedWorld();
  beforeEach(() => { world.double.tenant.change(emptyTenant); });
  return world;
}

/** PowerShell for the tenant of a double that runs. */
export function powerShellFor({ double, clock, options }: TestWorld): PowerShell {
  return new PowerShell({ tenant: double.tenant, clock, random: options.random });
}

/** Runs a command that must succeed. */
export async function done(powerShell: PowerShell, command: string, more: Omit<PowerShellCommand, 'command'> = {}): Promise<PowerShellResult> {
  const result = await powerShell.run({ command, ...more });
  if (result.error) throw new Error(`${command}: ${result.error.message}`);
  return result;
}

/** The reply to AUTH with a token that `clientId` got for `secret`, or Entra's error code when it gets none. */
export async function authenticate(world: TestWorld, { clientId, secret, mailbox }: { clientId: string; secret: string; mailbox: string }): Promise<string> {
  const form = { client_id: clientId, client_secret: secret, grant_type: 'client_credentials', scope: 'https://outlook.office.com/.default' };
  const { status, body } = await world.postToken(form);
  const answer = body as { access_token?: string; error_codes?: number[] };
  if (answer.access_token === undefined) return `${status} AADSTS${answer.error_codes?.[0] ?? ''}`;
  const client = await world.dialTls();
  const reply = await client.say(`AUTH XOAUTH2 ${xoauth2(mailbox, answer.access_token)}`);
  await client.close();
  return reply;
}
