import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { readScenario } from './read-scenario.ts';
import { ScenarioError } from './scenario.ts';
import { allSteps } from './steps.ts';

const folder = mkdtempSync(join(tmpdir(), 'isesim-fuzz-'));
afterAll(() => { rmSync(folder, { recursive: true }); });
const topology = join(import.meta.dirname, '../../../topology/small.yaml');
const example = readFileSync(join(import.meta.dirname, '../../../test/scenarios/guest-expiry.yaml'), 'utf8').replace('../../topology/medium.yaml', topology);

let files = 0;
// Hundreds of files are written and read, on machines that do other things besides.
const patiently = 60_000;

/** The error of a text; undefined when it is a scenario. Anything but a ScenarioError fails the test. */
async function refusalOf(text: string): Promise<ScenarioError | undefined> {
  const path = join(folder, `${(files += 1)}.yaml`);
  writeFileSync(path, text);
  try {
    await readScenario(path, { HOME: 'hunter2' });
    return undefined;
  } catch (error) {
    if (error instanceof ScenarioError) return error;
    throw error;
  } finally {
    rmSync(path);
  }
}

async function isPlaced(text: string): Promise<boolean> {
  const mistakes = (await refusalOf(text))?.mistakes ?? [];
  const lines = text.split('\n').length;
  return mistakes.every(({ line, column, message }) => line >= 1 && line <= lines && column >= 1 && message !== '');
}

test('any text is a scenario or a ScenarioError with places in it', async () => {
  await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 500 }), isPlaced), { numRuns: 200 });
}, patiently);

test('so is any mixture of what YAML and scenarios give a meaning to', async () => {
  const sign = fc.constantFrom(...'[]{},:?-&*!|>\'"%@`#~=<\\ \t\n', '- ', ': ', '\n- ', '\n  ', '&a ', '*a', 'steps', 'forEach', 'within', 'kill', 'psn', '${a}', '${', '__proto__');
  const text = fc.array(sign, { maxLength: 100 }).map((signs) => `name: t\ntopology: ${topology}\nsteps:\n- ${signs.join('')}\n`);
  await fc.assert(fc.asyncProperty(text, isPlaced), { numRuns: 300 });
}, patiently);

test('so is any value behind any step', async () => {
  const word = fc.constantFrom('psn-1', '2d', 'alarm', '${a.b}', '${env.HOME}', '${tenant.domain}', '__proto__', 'constructor', '');
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, word, fc.integer(), fc.boolean(), fc.constant(null), fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(field, tie('value'), { maxKeys: 4, noNullPrototype: true })),
  }));
  const step = fc.tuple(fc.constantFrom(...allSteps.map(([name]) => name), 'forEach'), value, fc.option(value), fc.option(value)).map(([name, each, within, steps]) => ({
    [name]: each,
    ...(within === null ? {} : { within }),
    ...(steps === null ? {} : { steps }),
  }));
  const file = fc.array(step, { minLength: 1, maxLength: 5 }).map((steps) => JSON.stringify({ name: 't', topology, steps }));
  await fc.assert(fc.asyncProperty(file, isPlaced), { numRuns: 300 });
}, patiently);
const field = fc.constantFrom(...new Set(allSteps.flatMap(([, step]) => Object.keys(step.fields.shape))), 'as', 'type', '__proto__', 'nod');

test('no slip of the pen brings a secret, or what the environment holds, into a message', async () => {
  const text = `${example}  - setSmtp: { clientSecret: hunter1, authentication: { type: none, clientSecret: hunter1 } }\n  - expectMail: { to: "\${env.HOME}" }\n`;
  expect(await refusalOf(text)).toMatchObject({ message: expect.stringContaining('psn-3') as string });
  const slip = fc.record({ at: fc.nat(text.length), cut: fc.nat(3), put: fc.constantFrom('', ...'[]{},:?-&*!|>\'"%@#\n\t ', ': ', '- ', '\n  ', '${') });
  await fc.assert(
    fc.asyncProperty(fc.array(slip, { minLength: 1, maxLength: 3 }), async (slips) => {
      const slipped = slips.reduce((each, { at, cut, put }) => each.slice(0, at) + put + each.slice(at + cut), text);
      expect((await refusalOf(slipped))?.message ?? '').not.toMatch(/hunter[12]/);
    }),
    { numRuns: 300 },
  );
}, patiently);
