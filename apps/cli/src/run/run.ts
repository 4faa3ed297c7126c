import { writeFile } from 'node:fs/promises';
import { parseDuration } from '@isesim/domain';
import { readScenarios, type ScenarioResult } from '@isesim/scenario';
import { showData } from '../output/show-data.ts';
import { note } from '../output/terminal.ts';
import { CommandProblem } from '../problem.ts';
import { pickNatsServer } from '../supervisor/before-boot.ts';
import { stopSignal } from '../supervisor/stop-signal.ts';
import type { RunFlags } from '../verbs/run.ts';
import { wholeNumber } from '../whole-number.ts';
import { findScenarios } from './find-scenarios.ts';
import { junitText } from './junit-text.ts';
import { resultText, summaryText } from './result-text.ts';
import { runKeeping } from './run-keeping.ts';
import { runScenarios } from './run-scenarios.ts';

/** Plays the scenarios that `paths` name and resolves with the exit code: 0 all passed, 1 some failed, 3 some could not run. */
export async function run(paths: readonly string[], flags: RunFlags): Promise<number> {
  const began = performance.now();
  const settings = { seed: flags.seed === undefined ? undefined : wholeNumber('seed', flags.seed, 0), jobs: wholeNumber('jobs', flags.jobs, 1), timeoutMs: timeoutOf(flags.timeout) };
  const scenarios = await readScenarios(findScenarios(paths), process.env);
  const natsServer = await pickNatsServer({ install: flags.installNats ?? false });
  const signal = stopSignal();
  const options = { ...settings, natsServer, signal, env: process.env, onResult: (result: ScenarioResult) => { note(resultText(process.stderr, result)); } };
  const results =
    flags.keep === true
      ? await runKeeping(scenarios, options)
      : await runScenarios(scenarios, { ...options, onStall: (file, blockers) => { note(`${file}: still waiting for ${blockers.join(', ')}`); } });
  if (flags.junit !== undefined) await writeReport(flags.junit, results);
  showData('run', { results }, flags, () => summaryText(process.stdout, results, performance.now() - began));
  return exitCodeOf(results);
}

function exitCodeOf(results: readonly ScenarioResult[]): number {
  if (results.some(({ outcome }) => outcome === 'error')) return 3;
  return results.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
}

async function writeReport(file: string, results: readonly ScenarioResult[]): Promise<void> {
  try {
    await writeFile(file, junitText(results));
  } catch (error) {
    throw new CommandProblem({ kind: 'could not run', code: 'report', message: `the report ${file} could not be written: ${(error as Error).message}`, remedy: 'Name a file in a folder that is there.' });
  }
}

function timeoutOf(text: string): number {
  const ms = parseDuration(text);
  // Longer than any timer of Node.js takes is no limit at all.
  if (ms !== undefined && ms > 0) return Math.min(ms, 2 ** 31 - 1);
  throw new CommandProblem({ kind: 'wrong input', code: 'timeout', message: `--timeout is "${text}"`, remedy: 'Write a duration, as 90s or 5m.' });
}
