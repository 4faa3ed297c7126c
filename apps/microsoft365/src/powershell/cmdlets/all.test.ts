import { expect, test } from 'vitest';
import { TestWorld } from '../../test-world.ts';
import { parseScript } from '../language/parse-script.ts';
import { done, powerShellFor } from '../../fixtures/test-tenant.ts';
import { cmdlets } from './all.ts';

test.each(cmdlets.map((cmdlet) => [cmdlet.name, cmdlet] as const))('%s has a line of help, and an example that calls it with parameters it has', (name, cmdlet) => {
  expect(cmdlet.help).toMatch(/^[A-Z].*[.]$/);
  const called = parseScript(cmdlet.example).flatMap(({ pipeline }) => pipeline).flatMap((stage) => (stage.kind === 'command' ? [stage] : []));
  if (called.length === 0) return;
  const call = called.find((each) => each.name.toLowerCase() === name.toLowerCase() || cmdlet.aliases?.includes(each.name));
  const given = call?.arguments.flatMap(({ parameter }) => (parameter === undefined ? [] : [parameter])) ?? [];
  expect(given.filter((each) => !(each in cmdlet.parameters) && each !== 'Confirm')).toEqual([]);
});

test('no two cmdlets share a name', () => {
  const names = cmdlets.flatMap(({ name, aliases = [] }) => [name, ...aliases]).map((each) => each.toLowerCase());
  expect(new Set(names).size).toBe(names.length);
});

test('Get-Help and Get-Command list them all, and Get-Help tells of one', async () => {
  await using world = await TestWorld.start();
  const powerShell = powerShellFor(world);
  for (const listing of ['Get-Help', 'Get-Command']) {
    const { objects } = await done(powerShell, listing);
    expect(objects.map((each) => (each as { Name: string }).Name)).toEqual(cmdlets.map(({ name }) => name));
  }
  const { output } = await done(powerShell, 'Get-Help New-ServicePrincipal');
  expect(output).toContain('SYNTAX\n    New-ServicePrincipal -AppId <String> -ObjectId <String> [-DisplayName <String>]');
  expect(output).toContain('EXAMPLE\n    New-ServicePrincipal -AppId');
});
