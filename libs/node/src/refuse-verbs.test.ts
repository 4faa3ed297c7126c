import type { Verb } from '@isesim/bus';
import { Problem, type Persona } from '@isesim/domain';
import { expect, test } from 'vitest';
import type { IseNode } from './ise-node.ts';
import { refuseVerbsOfOthers } from './refuse-verbs.ts';

const nodes = [
  { name: 'ise-1', personas: ['pan'] },
  { name: 'psn-1', personas: ['psn'] },
  { name: 'psn-2', personas: ['psn'] },
];

/** A node that notes what it answers. */
function makeNode(personas: Persona[], pages: object = { deployment: { nodes } }) {
  const answers = new Map<Verb, () => Promise<unknown>>();
  const node = {
    self: { name: 'ise-1', personas },
    settings: { held: () => ({ pages }) },
    answer: (verb: Verb, answer: () => Promise<unknown>) => answers.set(verb, answer),
  };
  refuseVerbsOfOthers(node as unknown as IseNode);
  return answers;
}

const forPan: Verb[] = ['install-accounts', 'install', 'write-guest', 'send-test-mail'];
const forPsn: Verb[] = ['create-guest', 'self-register'];
const forAll: Verb[] = ['raise-alarm', 'ping'];

test.each<{ personas: Persona[]; refused: Verb[]; left: Verb[] }>([
  { personas: ['pan'], refused: forPsn, left: [...forPan, ...forAll] },
  { personas: ['mnt'], refused: [...forPan, ...forPsn], left: forAll },
  { personas: ['psn'], refused: forPan, left: [...forPsn, ...forAll] },
  { personas: ['pan', 'mnt', 'psn'], refused: [], left: [...forPan, ...forPsn, ...forAll] },
])('a node of personas $personas refuses what belongs to others, and leaves the rest to its personas', ({ personas, refused, left }) => {
  const answered = makeNode(personas);

  expect(refused.filter((verb) => !answered.has(verb))).toEqual([]);
  expect(left.filter((verb) => answered.has(verb))).toEqual([]);
});

test('the refusal names the node, its lack, and who can be asked instead', async () => {
  const answers = makeNode(['pan', 'mnt']);

  await expect(answers.get('create-guest')?.()).rejects.toEqual(
    new Problem('wrong input', 'not-its-persona', 'ise-1 is no PSN: portals are served by a PSN', 'Use one of psn-1, psn-2.'),
  );
});

test('a node that does not know the deployment yet refuses all the same', async () => {
  await expect(makeNode(['psn'], {}).get('install')?.()).rejects.toMatchObject({ message: 'ise-1 is no PAN: settings and accounts are written at a PAN', remedy: 'Use a PAN.' });
});
