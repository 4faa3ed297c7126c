import { request, type IncomingMessage } from 'node:http';
import type { ProblemData } from '@isesim/domain';
import type { Answered, Given, OperationName } from '../operations/operations.ts';
import { CommandProblem } from '../problem.ts';
import { findDeployment, type RunningDeployment } from './find-deployment.ts';

export interface AskOptions {
  /** The deployment to ask; the only one that runs here when left out. */
  readonly deployment?: string | undefined;
  /** Called with every item that comes ahead of the answer. */
  readonly onItem?: (item: Record<string, unknown>) => void;
}

/** Asks the supervisor of a deployment to do `name` and resolves with its answer. Throws its problem. */
export async function ask<Name extends OperationName>(name: Name, given: Given<Name>, { deployment, onItem }: AskOptions): Promise<Answered<Name>> {
  return (await askSupervisor(await findDeployment(deployment), name, given, onItem)) as Answered<Name>;
}

export async function askSupervisor(supervisor: RunningDeployment, name: string, given: object, onItem?: AskOptions['onItem']): Promise<unknown> {
  const response = await post(supervisor, name, given);
  let answer: unknown;
  for await (const line of linesOf(response, supervisor)) {
    const { item, answer: last, problem } = isStream(response) ? (line as StreamLine) : plainLine(line);
    if (problem) throw new CommandProblem(problem);
    if (item) onItem?.(item);
    if (last !== undefined) answer = last;
  }
  if (answer === undefined) throw endedUnexpectedly(supervisor);
  return answer;
}

interface StreamLine {
  readonly item?: Record<string, unknown>;
  readonly answer?: unknown;
  readonly problem?: ProblemData;
}

function plainLine(body: unknown): StreamLine {
  const { problem } = body as { problem?: ProblemData };
  return problem ? { problem } : { answer: body };
}

function isStream({ headers }: IncomingMessage): boolean {
  return headers['content-type'] === 'application/x-ndjson';
}

function post(supervisor: RunningDeployment, name: string, given: object): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asking = request(`${supervisor.url}/${name}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${supervisor.token}`, 'content-type': 'application/json' },
      agent: false,
    });
    asking.once('response', resolve);
    asking.once('error', () => { reject(endedUnexpectedly(supervisor)); });
    asking.end(JSON.stringify(given));
  });
}

async function* linesOf(response: IncomingMessage, supervisor: RunningDeployment): AsyncGenerator {
  let rest = '';
  response.setEncoding('utf8');
  try {
    for await (const chunk of response as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield JSON.parse(line) as unknown;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ECONNRESET') throw endedUnexpectedly(supervisor);
    throw error;
  }
  if (rest !== '') yield JSON.parse(rest) as unknown;
}

function endedUnexpectedly({ name }: RunningDeployment): CommandProblem {
  return new CommandProblem({ kind: 'could not run', code: 'supervisor-ended', message: `the supervisor of "${name}" ended without an answer`, remedy: `Start the deployment again: isesim up. What it said last is gone with its folder.` });
}
