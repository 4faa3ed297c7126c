import { CommandProblem } from '../problem.ts';

/** The user ended a boot. */
export function interrupted(): CommandProblem {
  return new CommandProblem({
    kind: 'could not run',
    code: 'interrupted',
    message: 'stopped before the deployment was up',
    remedy: 'Nothing was left running; start it again with "isesim up".',
  });
}
