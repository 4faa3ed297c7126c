import type { ServerResponse } from 'node:http';
import { problemData, type ProblemKind } from '@isesim/domain';

const statusCodes: Readonly<Record<ProblemKind, number>> = { refused: 409, 'wrong input': 400, 'could not run': 503 };

/** Answers with a problem, or cuts short what has begun. */
export function fail(response: ServerResponse, error: unknown): void {
  const problem = problemData(error);
  if (response.headersSent) response.end();
  else end(response, problem.code === 'defect' ? 500 : statusCodes[problem.kind], { problem });
}

export function end(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
