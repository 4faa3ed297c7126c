import { CommandProblem } from '../problem.ts';

/** How simulated time passes: with the wall, only by `clock advance`, or so many times as fast as the wall. */
export type Time = 'real' | 'stepped' | `${number}x`;

const multipleForm = /^\d{1,7}(\.\d{1,3})?x$/;

export function parseTime(text: string): Time {
  if (text === 'real' || text === 'stepped') return text;
  if (multipleForm.test(text) && Number(text.slice(0, -1)) > 0) return text as Time;
  throw new CommandProblem({ kind: 'wrong input', code: 'time', message: `--time "${text}" is no way for time to pass`, remedy: 'Use real, stepped, or a multiple of real time such as 60x.' });
}
