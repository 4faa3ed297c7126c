import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSource } from '@isesim/topology/yaml';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { scenarioJsonSchema } from './json-schema.ts';
import { allSteps, stepNamed, type StepName } from './steps.ts';

const root = join(import.meta.dirname, '../../..');
const schema = JSON.parse(scenarioJsonSchema()) as object;
const validate = new Ajv({ allErrors: true }).compile(schema);

/** What an editor makes of a text. */
function accepts(text: string): boolean {
  return validate(JSON.parse(JSON.stringify(readSource(text, { file: 's.yaml', atLeast: 'steps' }).root.data))) as boolean;
}

function acceptsSteps(steps: string): boolean {
  return accepts(`name: t\ntopology: small.yaml\nsteps:\n${steps}\n`);
}

it('the schema for editors is the one that the steps give', () => {
  expect(readFileSync(join(import.meta.dirname, '../scenario.schema.json'), 'utf8')).toBe(scenarioJsonSchema());
});

it.each(readdirSync(join(root, 'test/scenarios'), { recursive: true, encoding: 'utf8' }).filter((name) => /^(?!(?:.*\/)?topologies\/).*\.ya?ml$/.test(name)))('test/scenarios/%s fits the schema, and names it', (name) => {
  const text = readFileSync(join(root, 'test/scenarios', name), 'utf8');
  expect(accepts(text)).toBe(true);
  expect(text).toMatch(/^# yaml-language-server: \$schema=(\.\.\/)+libs\/scenario\/scenario\.schema\.json\n/);
});

it('every field of every step says what it means', () => {
  const silent = allSteps.flatMap(([name, step]) => Object.entries(step.fields.shape).filter(([, field]) => !field.description).map(([field]) => `${name}.${field}`));
  expect(silent).toEqual([]);
});

describe('a step fits', () => {
  it.each(allSteps.map(([name]) => [name]))('%s with all that is required, bare where that can be, and by its name where nothing is', (name) => {
    const step = stepNamed(name);
    const isComplete = step?.fields.safeParse({}).success;
    expect(acceptsSteps(`- ${name}`)).toBe(isComplete);
    expect(acceptsSteps(`- ${name}:`)).toBe(isComplete);
    expect(acceptsSteps(`- ${name}: "\${env.X}"`)).toBe(step?.bare !== undefined);
    expect(acceptsSteps(`- ${name}: { noSuchField: 1 }`)).toBe(false);
  });

  it.each([
    '- advance: 2d',
    '- advance: { to: 2026-03-01 }',
    '- kill: psn-1\n  within: 90s\n  expectError: no node',
    '- createGuest: { email: ana@guest.example, validFor: 5d, as: ana }',
    '- createGuest: { email: "${env.MAIL:-a@b}", validFor: "${env.DAYS}d" }',
    '- expectMail: { purpose: "${why}", count: "${env.COUNT}" }',
    '- expectMail: alarm',
    '- expectNode: { node: ise-1, duties: [primary PAN, "${duty}"] }',
    '- expectNode: { node: ise-1, duties: [] }',
    '- expectSettings: { values: { authentication: { type: none }, port: 25 } }',
    '- setSmtp: { tls: true, port: 25, authentication: none }',
    '- setSmtp: { authentication: { type: exchange-online-oauth, emailAddress: a@b, expiryDate: "${env.DAY}" } }',
    '- forEach: { node: psn }\n  steps:\n    - kill: ${node}\n    - forEach: { what: [a, b] }\n      steps: [{ raiseAlarm: "${what}" }]',
  ])('%s', (steps) => {
    expect(acceptsSteps(steps)).toBe(true);
  });
});

describe('a step does not fit', () => {
  it.each([
    '- 5',
    '- {}',
    '- kill',
    '- createGest: a@b',
    '- kill: psn-1\n  start: psn-1',
    '- kill: psn-1\n  wihtin: 5s',
    '- kill: psn-1\n  within: soon',
    '- kill: { node: psn-1, as: x }',
    '- createGuest: { email: a@b, as: env }',
    '- createGuest: { email: a@b, validFor: long }',
    '- createGuest: { portal: sponsor }',
    '- expectMail: { purpose: alrm }',
    '- expectMail: alrm',
    '- expectMail: { count: -1 }',
    '- expectNode: ise-1',
    '- expectNode: { node: ise-1, duties: primary PAN }',
    '- setSmtp: { port: 70000 }',
    '- setSmtp: { tls: maybe }',
    '- setSmtp: { authentication: { type: oauth } }',
    '- setSmtp: { authentication: { emailAdress: a@b } }',
    '- forEach: psn\n  steps: [saveSmtp]',
    '- forEach: { node: psns }\n  steps: [saveSmtp]',
    '- forEach: { node: psn, other: pan }\n  steps: [saveSmtp]',
    '- forEach: { node: psn }',
    '- forEach: { node: psn }\n  steps: []',
    '- forEach: { node: psn }\n  steps: [saveSmtp]\n  within: 5s',
    '- steps: [saveSmtp]',
    '- login: ana',
  ])('%s', (steps) => {
    expect(acceptsSteps(steps)).toBe(false);
  });
});

it.each([
  ['no name', 'topology: small.yaml\nsteps: [saveSmtp]'],
  ['no step', 'name: t\ntopology: small.yaml\nsteps: []'],
  ['a key that is not known', 'name: t\ntopology: small.yaml\nsteps: [saveSmtp]\nsead: 7'],
  ['an odd seed', 'name: t\ntopology: small.yaml\nsteps: [saveSmtp]\nseed: -1'],
])('a file with %s does not fit', (_, text) => {
  expect(accepts(text)).toBe(false);
});

it.each<[StepName, string]>([
  ['setSmtp', 'ISESIM_CLIENT_SECRET'],
  ['kill', '"names"'],
])('what only this program makes use of is not in it: %s', (name, mark) => {
  const { definitions } = schema as { definitions: { step: { anyOf: { properties?: Record<string, object> }[] } } };
  expect(JSON.stringify(definitions.step.anyOf[1]?.properties?.[name])).not.toContain(mark);
});
