import { pageNames, pagesThatMayLack, type DeploymentNode, type HeldConfiguration } from '@isesim/domain';
import { expect, test } from 'vitest';
import { holdersOf, isComplete } from './duties.ts';

const node = (name: string, roles: DeploymentNode['roles']) => ({ name, fqdn: `${name}.ise.example`, address: '127.0.0.2', personas: ['pan' as const, 'mnt' as const], roles });

function held(changes: Partial<HeldConfiguration>): HeldConfiguration {
  return { revision: 1, epoch: 1, primaryPan: undefined, pages: {}, writtenAt: {}, ...changes };
}

const deployment = {
  domain: 'ise.example',
  iseVersion: '3.5P1',
  nodes: [node('ise-1', { pan: 'primary', mnt: 'secondary' }), node('ise-2', { pan: 'secondary', mnt: 'primary' })],
};

test.each([
  { held: held({}), holders: {} },
  { held: held({ primaryPan: 'ise-1' }), holders: { 'primary PAN': 'ise-1' } },
  { held: held({ pages: { deployment } }), holders: { 'active MnT': 'ise-2' } },
  { held: held({ primaryPan: 'ise-1', pages: { deployment } }), holders: { 'primary PAN': 'ise-1', 'active MnT': 'ise-2' } },
])('a node knows from its configuration who holds the duties: $holders', ({ held: configuration, holders }) => {
  expect(holdersOf(configuration)).toEqual(holders);
});

test('the primary PAN is whoever was promoted last, whatever the page of the deployment says', () => {
  expect(holdersOf(held({ primaryPan: 'ise-2', pages: { deployment } }))).toMatchObject({ 'primary PAN': 'ise-2' });
});

const all = Object.fromEntries(pageNames.map((name) => [name, {}]));

test.each(pageNames.filter((name) => !(pagesThatMayLack as readonly string[]).includes(name)))('a configuration without the page %s is not complete', (missing) => {
  const pages = all;
  expect(isComplete(held({ pages }))).toBe(true);
  expect(isComplete(held({ pages: { ...pages, [missing]: undefined } }))).toBe(false);
});

test.each(pagesThatMayLack)('a configuration without the page %s is complete: nobody has filled it in', (missing) => {
  expect(isComplete(held({ pages: { ...all, [missing]: undefined } }))).toBe(true);
});
