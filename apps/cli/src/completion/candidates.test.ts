import { purposes, severities, templates } from '@isesim/domain';
import { expect, test } from 'vitest';
import { loadProgram } from '../program.ts';
import { candidatesFor } from './candidates.ts';
import type { LiveNames } from './values.ts';

const live: LiveNames = {
  deployments: () => Promise.resolve(['demo', 'small']),
  nodes: (deployment) => Promise.resolve(deployment === 'small' ? ['ise-1'] : ['ise-2', 'psn-1', 'psn-2']),
};
const nothingRuns: LiveNames = { deployments: () => Promise.resolve([]), nodes: () => Promise.resolve([]) };

/** The candidates for a command line whose last word is the one being typed; a space at its end begins a new one. */
async function complete(line: string, names = live): Promise<string[]> {
  return candidatesFor(await loadProgram([]), line.split(' '), names);
}

test('a verb is completed from the program itself, without the hidden one', async () => {
  const all = await complete('');
  expect(all).toEqual((await loadProgram([])).commands.map((each) => each.name()).concat('help'));
  expect(all).toContain('completion');
  expect(all).not.toContain('complete');
  expect(await complete('comp')).toEqual(['completion']);
  expect(await complete('nope ')).toEqual([]);
});

test.each([
  ['mail ', ['ls', 'show', 'wait', 'tail', 'outbox']],
  ['mail w', ['wait']],
  ['clock ', ['advance']],
  ['help ma', ['mail']],
  ['completion ', ['bash', 'zsh', 'fish']],
])('a word below a verb: isesim %s', async (line, expected) => {
  expect(await complete(line)).toEqual(expected);
});

test.each([
  ['mail ls --s', ['--sent-by', '--subject']],
  ['up --', ['--detach', '--isolation', '--time', '--install-nats', '--seed', '--nats', '--remote', '--listen', '--json', '--help']],
  ['clock advance --d', ['--deployment']],
  ['--v', ['--version']],
  ['mail ls --sent-by psn-1 --s', ['--subject']],
  ['logs psn-1 -f --f', []],
])('an option of the verb, unless it is given: isesim %s', async (line, expected) => {
  expect(await complete(line)).toEqual(expected);
});

test('where nothing but an option can follow, options come without a dash', async () => {
  expect(await complete('heal ')).toEqual(['--node', '--to', '--deployment', '--json', '--help']);
  expect(await complete('up topology/small.yaml ')).toContain('--detach');
});

test.each([
  ['mail ls --purpose ', [...purposes]],
  ['mail wait --template ', Object.keys(templates)],
  ['alarm raise --severity ', [...severities]],
  ['up topology/small.yaml --isolation ', ['process', 'inline']],
  ['up --time s', ['stepped']],
  ['graph --format ', ['mermaid', 'dot']],
  ['fault add --stage ', ['connect', 'auth', 'mail', 'rcpt', 'data']],
  ['smtp set --tls ', ['true', 'false']],
  ['status --deployment ', ['demo', 'small']],
])('a known value: isesim %s', async (line, expected) => {
  expect(await complete(line)).toEqual(expected);
});

test.each(['node kill ', 'logs ', 'guest create --node ', 'mail ls --sent-by '])('a node that runs: isesim %s', async (line) => {
  expect(await complete(line)).toEqual(['ise-2', 'psn-1', 'psn-2']);
  expect(await complete(`${line}psn`)).toEqual(['psn-1', 'psn-2']);
  expect(await complete(line, nothingRuns)).toEqual([]);
});

test.each(['node kill --deployment small ', 'node kill --deployment=small ', 'node --json kill --deployment = small '])('the nodes are those of the deployment that is named: isesim %s', async (line) => {
  expect(await complete(line)).toEqual(['ise-1']);
});

test.each([
  ['mail ls --purpose=al', ['--purpose=alarm']],
  ['mail ls --nope=al', []],
  ['mail ls --purpose = al', ['alarm']],
  ['mail ls --purpose =', [...purposes]],
])('a value behind an equals sign, in one word or in those of bash: isesim %s', async (line, expected) => {
  expect(await complete(line)).toEqual(expected);
});

test.each(['validate ', 'up topo', 'graph ', 'smtp set --client-secret-file ', 'guest create --email ', 'complete -- '])('what the shell knows better: isesim %s', async (line) => {
  expect(await complete(line)).toEqual([]);
});
