import { expect, test } from 'vitest';
import { maySend, nodeTable, purposeOf, purposes, rowOf, templates, type Purpose, type Template } from './node-table.ts';
import type { Persona } from './persona.ts';

/** The rule as the documents state it, written a second time so that neither copy changes alone. */
const documented: Record<Purpose, { persona: Persona; duty: 'primary PAN' | 'active MnT' | undefined }> = {
  'guest-expiry': { persona: 'pan', duty: 'primary PAN' },
  'password-expiry': { persona: 'pan', duty: 'primary PAN' },
  alarm: { persona: 'mnt', duty: 'active MnT' },
  'portal-notification': { persona: 'psn', duty: undefined },
  'portal-test': { persona: 'pan', duty: 'primary PAN' },
};

const personaSets: Persona[][] = [[], ['pan'], ['psn'], ['mnt'], ['pan', 'psn'], ['pan', 'mnt'], ['psn', 'mnt'], ['pan', 'psn', 'mnt']];
const holderNames = ['ise-1', 'ise-2', undefined];

test.each(purposes)('%s mail may be sent by exactly the nodes of the node table, whatever personas they have and whoever holds the duties', (purpose) => {
  const { persona, duty } = documented[purpose];
  for (const has of personaSets) {
    for (const primaryPan of holderNames) {
      for (const activeMnt of holderNames) {
        const holders = { ...(primaryPan ? { 'primary PAN': primaryPan } : {}), ...(activeMnt ? { 'active MnT': activeMnt } : {}) };
        const holder = { 'primary PAN': primaryPan, 'active MnT': activeMnt };
        const allowed = has.includes(persona) && (duty === undefined || holder[duty] === 'ise-1');

        expect(maySend({ name: 'ise-1', personas: has }, purpose, holders), `personas ${has.join()} holders ${JSON.stringify(holders)}`).toBe(allowed);
      }
    }
  }
});

test('the table has one row for each purpose, and each names a persona that can hold its duty', () => {
  expect(nodeTable.map(({ purpose }) => purpose)).toEqual([...purposes]);
  expect(nodeTable.map(({ purpose, persona, sender }) => ({ purpose, persona, duty: sender === 'serving PSN' ? undefined : sender }))).toEqual(
    Object.entries(documented).map(([purpose, { persona, duty }]) => ({ purpose, persona, duty })),
  );
});

test('only the test mail of a portal rests on an inference', () => {
  expect(nodeTable.filter(({ basis }) => basis === 'inferred').map(({ purpose }) => purpose)).toEqual(['portal-test']);
});

test('every template belongs to a purpose, and every purpose has a template', () => {
  const names = Object.keys(templates) as Template[];

  for (const template of names) expect(rowOf(purposeOf(template)).purpose).toBe(purposeOf(template));
  expect(new Set(names.map(purposeOf))).toEqual(new Set(purposes));
});

test('everything that a portal sends to a guest or sponsor is one purpose', () => {
  const ofPortals = Object.entries(templates).filter(([, purpose]) => purpose === 'portal-notification').map(([template]) => template);

  expect(ofPortals).toEqual([
    'guest-credentials',
    'guest-credentials-resent',
    'approval-request',
    'guest-approved',
    'guest-denied',
    'password-reset',
    'sponsor-copy',
    'sponsor-summary',
  ]);
});

test('a purpose that is none is refused by name', () => {
  expect(() => rowOf('newsletter' as Purpose)).toThrow('no row of the node table has the purpose newsletter');
});
