import { dirname, isAbsolute, join } from 'node:path';
import { readTopology, TopologyError, type Topology } from '@isesim/topology';
import { fillVariables, offsetOf, readSource, readText, schemaFindings, FileError, type Environment, type Finding, type Mistake, type Source } from '@isesim/topology/yaml';
import * as z from 'zod';
import { choice, map } from './fields.ts';
import { StepReader } from './read-steps.ts';
import { ScenarioError, type Scenario } from './scenario.ts';

const headFields = {
  name: z.string('write a text').min(1, 'write what the scenario shows').max(200, 'write at most 200 characters').describe('What it shows'),
  topology: z.string('write the path of a topology file').describe('The topology file, from the folder of this file'),
  seed: z.int('write a whole number').min(0, 'write a whole number from 0').optional().describe('Where all randomness starts from. Default: 1'),
  isolation: choice(['inline', 'process']).optional().describe('Nodes within one process, or each a process of its own. Default: inline'),
  steps: z.array(z.unknown(), 'write a list of steps').min(1, 'write at least one step').describe('What is done and expected, in this order'),
};

/** What a scenario file holds, its steps unread. */
export const head = map(headFields);

/** The scenario in the file at `path`, with its topology. Throws a `ScenarioError` with every mistake in it. */
export async function readScenario(path: string, env: Environment): Promise<Scenario> {
  try {
    return await read(path, env);
  } catch (error) {
    if (error instanceof FileError && !(error instanceof ScenarioError)) throw new ScenarioError(error.mistakes);
    throw error;
  }
}

/** All of them, or every mistake in any. */
export async function readScenarios(paths: readonly string[], env: Environment): Promise<Scenario[]> {
  const mistakes: Mistake[] = [];
  const scenarios: Scenario[] = [];
  for (const path of paths) {
    try {
      scenarios.push(await readScenario(path, env));
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      mistakes.push(...error.mistakes);
    }
  }
  // Scenarios of one topology have its mistakes in common.
  const told = new Map(mistakes.map((mistake) => [JSON.stringify(mistake), mistake]));
  if (told.size > 0) throw new ScenarioError([...told.values()]);
  return scenarios;
}

async function read(path: string, env: Environment): Promise<Scenario> {
  const source = readSource((await readText(path)).replace(/^\ufeff/, ''), { file: path, atLeast: 'name, topology and steps' });
  const checked = head.safeParse(source.root.data);
  const findings = [...source.findings, ...schemaFindings(checked.error?.issues ?? [], source.root, source.findings)];
  const topology = await topologyOf(source, path, env, findings);
  const steps = new StepReader({ source, topology, env, findings }).read();
  if (findings.length > 0 || !checked.success || !topology) throw new ScenarioError(source.error(onceEach(findings)).mistakes);
  const { name, seed = 1, isolation = 'inline' } = checked.data;
  return { file: path, name, topology, seed, isolation, steps };
}

/** Undefined when the scenario names none that can be read; why is then among the findings. */
async function topologyOf(source: Source, path: string, env: Environment, findings: Finding[]): Promise<Topology | undefined> {
  const written = source.root.children.get('topology')?.data;
  if (typeof written !== 'string') return undefined;
  const note = (message: string) => void findings.push({ path: ['topology'], offset: offsetOf(source.root, ['topology'], 'value'), message });
  const filled = fillVariables(written, env);
  if ('problem' in filled) {
    note(filled.problem);
    return undefined;
  }
  const file = isAbsolute(filled.text) ? filled.text : join(dirname(path), filled.text);
  try {
    return await readTopology(file, { env });
  } catch (error) {
    if (!(error instanceof TopologyError)) throw error;
    for (const { file: wrong, line, column, message } of error.mistakes) note(`its topology has a mistake: ${wrong}:${line}:${column}: ${message}`);
    return undefined;
  }
}

/** What is wrong in a step of `forEach` is as wrong for each of its values. */
function onceEach(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [`${finding.offset} ${finding.message}`, finding])).values()];
}
