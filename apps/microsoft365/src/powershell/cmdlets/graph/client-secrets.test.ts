import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applicationObjectId, clientId, secret as firstSecret, TestWorld } from '../../../test-world.ts';
import type { PowerShell } from '../../power-shell.ts';
import { done, powerShellFor } from '../../../fixtures/test-tenant.ts';

const add = (more = '') => `Add-MgApplicationPassword -ApplicationId ${applicationObjectId} ${more}`;

let world: TestWorld;
let powerShell: PowerShell;
beforeAll(async () => {
  world = await TestWorld.start();
  powerShell = powerShellFor(world);
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

describe('a client secret', () => {
  test('is shown when it is made, and never again', async () => {
    const { output, objects } = await done(powerShell, `${add('-PasswordCredential @{ displayName = "ISE"; endDateTime = "2026-08-01" }')} | fl`);
    const made = objects[0] as { SecretText: string; KeyId: string; Hint: string };
    expect(made).toMatchObject({ DisplayName: 'ISE', EndDateTime: '2026-08-01T00:00:00Z', StartDateTime: '2026-02-02T05:00:00Z', Hint: made.SecretText.slice(0, 3) });
    expect(made.SecretText).toMatch(/^[A-Za-z0-9]{3}8Q~[\w.~-]{34}$/);
    expect(output).toContain(`SecretText          : ${made.SecretText}`);

    const later = await done(powerShell, `Get-MgApplication | fl; (Get-MgApplication).PasswordCredentials | fl; Get-MgApplication -ApplicationId ${applicationObjectId}`);
    const shown = JSON.stringify(later) + inspect(world.double.tenant.current, { depth: 9 });
    for (const value of [made.SecretText, firstSecret]) expect(shown).not.toContain(value);
    expect(later.output).toContain(`Hint                : ${made.Hint}`);
    expect(later.output).toContain(`KeyId               : ${made.KeyId}`);
    expect(later.output).toMatch(/SecretText {10}: *\n/);
  });

  test('lasts two years where no end is given, and may begin later', async () => {
    const { objects: [usual, later] } = await done(powerShell, `${add()}; ${add('-PasswordCredential @{ startDateTime = "2026-03-01"; endDateTime = "2026-04-01" }')}`);
    expect([usual, later]).toMatchObject([{ EndDateTime: '2028-02-02T05:00:00Z' }, { StartDateTime: '2026-03-01T00:00:00Z' }]);
    expect((usual as { SecretText: string }).SecretText).not.toBe((later as { SecretText: string }).SecretText);
    expect((await powerShell.run({ command: add('-PasswordCredential @{ endDateTime = "2026-01-01" }') })).error?.message).toContain('must be after its start date');
    expect((await powerShell.run({ command: add('-PasswordCredential @{ endDateTime = "soon" }') })).error?.remedy).toContain('"soon"');
  });

  test.each([
    ['as a key id', `Remove-MgApplicationPassword -ApplicationId ${applicationObjectId} -KeyId ${firstSecret}`, 'not-found'],
    ['as a user id', `Get-MgUser -UserId ${firstSecret}`, 'not-found'],
    ['as a command', `Get-X ${firstSecret}; ${firstSecret}`, 'not-recognized'],
  ])('that is typed in %s is not repeated in the error', async (_, command, code) => {
    const result = await powerShell.run({ command });
    expect(result.error?.code).toBe(code);
    expect(JSON.stringify(result)).not.toContain(firstSecret);
  });

  test('keeps its id when another is removed', async () => {
    const keyIds = async () => ((await done(powerShell, '(Get-MgApplication).PasswordCredentials.KeyId')).objects as string[]);
    const before = await keyIds();
    await done(powerShell, `Remove-MgApplicationPassword -ApplicationId ${applicationObjectId} -KeyId ${before[0]}`);
    expect(await keyIds()).toEqual(before.slice(1));
    expect(await world.postToken({ client_id: clientId, client_secret: firstSecret, grant_type: 'client_credentials', scope: 'https://outlook.office.com/.default' })).toMatchObject({ status: 401, body: { error_codes: [7000215] } });
  });
});
