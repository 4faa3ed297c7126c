import { CommandProblem } from '../problem.ts';

/** In characters. As the request is defined in `@isesim/bus`, which a verb that only asks a supervisor does not load. */
export const scriptLengthMax = 100_000;

/** Throws a problem when PowerShell is longer than the double takes at once; `from`: what holds it, as "long.ps1". */
export function assertScriptFits(script: string, from: string): void {
  if (script.length <= scriptLengthMax) return;
  throw new CommandProblem({
    kind: 'wrong input',
    code: 'too-long',
    message: `${from} has ${script.length} characters, and at most ${scriptLengthMax} are taken at once`,
    remedy: 'Run it in parts; a session keeps its variables: isesim m365 --session tenant --file part-1.ps1',
  });
}
