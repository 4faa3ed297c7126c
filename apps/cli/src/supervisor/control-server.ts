import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Problem, problemData, type ProblemKind } from '@isesim/domain';
import * as z from 'zod';
import type { Call, Operation, Supervised } from '../operations/operation.ts';
import { operationNamed } from '../operations/operations.ts';
import { flagProblem } from '../operations/flag-problem.ts';

export interface ControlServer {
  readonly url: string;
  /** From here on operations are done; before that they are refused, save `down`. */
  serve(supervised: Supervised): void;
  /** Ends what is being asked and refuses what is asked after that. */
  endCalls(): void;
  close(): Promise<void>;
}

const downSchema = z.object({ keep: z.boolean().optional() });
/** How a deployment is to be stopped; `keep`: to go on with it later. */
export type Down = z.output<typeof downSchema>;

export interface ControlServerOptions {
  readonly token: string;
  /** Called when the deployment is to be stopped. */
  readonly onDown: (how: Down) => void;
}

// Far more than any form field may hold: a backup of ten thousand accounts.
const bodyBytesMax = 8_000_000;
const statusCodes: Readonly<Record<ProblemKind, number>> = { refused: 409, 'wrong input': 400, 'could not run': 503 };

/** The door through which the verbs reach a supervisor: `POST /<operation>`, JSON in and out. */
export async function startControlServer({ token, onDown }: ControlServerOptions): Promise<ControlServer> {
  const ending = new AbortController();
  let supervised: Supervised | undefined;
  const server = createServer((request, response) => {
    const denied = denialOf(request, token, (server.address() as AddressInfo).port);
    if (denied) deny(response, denied);
    else answer(request, response).catch((error: unknown) => { fail(response, error); });
  });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const name = (request.url ?? '').slice(1);
    if (name === 'down') {
      const how = downSchema.parse(await readJson(request));
      end(response, 200, { pid: process.pid });
      onDown(how);
      return;
    }
    const operation = operationNamed(name);
    if (!operation || request.method !== 'POST') {
      end(response, 404, { problem: problemData(new Problem('could not run', 'operation', `this supervisor does not know "${name}"`, 'Is it of the same version? Start it again: isesim down, isesim up.')) });
      return;
    }
    const value = parse(operation.takes, await readJson(request));
    const running = runningNow();
    if (operation.streams === true) await stream(response, operation, running, value, ending.signal);
    else end(response, 200, await operation.run(running, value, { signal: callSignal(response, ending.signal), emit: () => undefined }));
  };
  const runningNow = () => {
    if (ending.signal.aborted) throw new Problem('refused', 'stopping', 'the deployment is being stopped', 'Start it again with "isesim up".');
    if (!supervised) throw new Problem('refused', 'starting', 'the deployment is still starting', 'Wait until "isesim up" says that it is up.');
    return supervised;
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve: (it) => { supervised = it; },
    endCalls: () => { ending.abort(); },
    close: () =>
      new Promise((resolve) => {
        server.close(() => { resolve(); });
        server.closeIdleConnections();
        setTimeout(() => { server.closeAllConnections(); }, lastAnswersWithinMs).unref();
      }),
  };
}

const lastAnswersWithinMs = 200;

interface Denial {
  readonly status: number;
  readonly message: string;
}

/** A browser page can reach a local port too: it is told by its Origin, or by a Host that a rebound name leads here. */
function denialOf({ headers }: IncomingMessage, token: string, port: number): Denial | undefined {
  if (headers.origin !== undefined) return { status: 403, message: 'requests of web pages are refused' };
  if (headers.host !== `127.0.0.1:${port}` && headers.host !== `localhost:${port}`) return { status: 403, message: 'the Host header is not of this server' };
  if (!isSame(headers.authorization ?? '', `Bearer ${token}`)) return { status: 401, message: 'the token of control.json is wanted' };
  return undefined;
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function deny(response: ServerResponse, { status, message }: Denial): void {
  end(response, status, { problem: { kind: 'refused', code: 'denied', message, remedy: 'Use the isesim command.' } });
}

/** Items ahead of the answer, one a line; the last line is the answer or a problem. */
async function stream(response: ServerResponse, operation: Operation, supervised: Supervised, value: unknown, ending: AbortSignal): Promise<void> {
  const write = (line: object) => response.write(`${JSON.stringify(line)}\n`);
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.flushHeaders();
  const call: Call = { signal: callSignal(response, ending), emit: (item) => { write({ item }); } };
  try {
    write({ answer: await operation.run(supervised, value, call) });
  } catch (error) {
    write({ problem: problemData(error) });
  }
  response.end();
}

/** Aborts when the asker has gone away, and when everything ends. */
function callSignal(response: ServerResponse, ending: AbortSignal): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => { gone.abort(); });
  return AbortSignal.any([gone.signal, ending]);
}

function parse(schema: z.ZodType, value: unknown): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw flagProblem(parsed.error.issues, value);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) throw new Problem('wrong input', 'request', `the request is longer than ${bodyBytesMax} bytes`, 'Shorten it.');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    throw new Problem('wrong input', 'request', 'the request is not JSON', 'Use the isesim command.');
  }
}

function fail(response: ServerResponse, error: unknown): void {
  const problem = problemData(error);
  if (response.headersSent) response.end();
  else end(response, problem.code === 'defect' ? 500 : statusCodes[problem.kind], { problem });
}

function end(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
