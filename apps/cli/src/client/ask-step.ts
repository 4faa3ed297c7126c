import type { ProblemData } from '@isesim/domain';
import { askSupervisor } from './ask.ts';
import { findDeployment } from './find-deployment.ts';
import { showNotice } from './show-notice.ts';

/** What a step answered, and how that reads. */
export interface StepAnswered {
  readonly answer: object;
  readonly says: string;
  /** The answer says that it failed; it is shown all the same. */
  readonly problem?: ProblemData;
}

/** Asks the supervisor to do the step that has the verb `operation` (`guest-create`). Throws its problem. */
export async function ask(operation: string, given: object, deployment: string | undefined): Promise<StepAnswered> {
  return (await askSupervisor(await findDeployment(deployment), operation, given, showNotice)) as StepAnswered;
}
