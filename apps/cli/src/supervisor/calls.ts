import type { IncomingMessage, ServerResponse } from 'node:http';
import { Problem, problemData } from '@isesim/domain';
import * as z from 'zod';
import { flagProblem } from '../operations/flag-problem.ts';
import type { Call, Operation, Supervised } from '../operations/operation.ts';
import { operationNamed } from '../operations/operations.ts';
import { end } from './respond.ts';

const downSchema = z.object({ keep: z.boolean().optional() });
/** How a deployment is to be stopped; `keep`: to go on with it later. */
export type Down = z.output<typeof downSchema>;

// Far more than any form field may hold: a backup of ten thousand accounts.
const bodyBytesMax = 8_000_000;

/** What is asked of a supervisor. */
export class Calls {
  readonly #onDown: (how: Down) => void;
  readonly #ending = new AbortController();
  #supervised: Supervised | undefined;

  constructor(onDown: (how: Down) => void) {
    this.#onDown = onDown;
  }

  /** From here on operations are done; before that they are refused, save `down`. */
  serve(supervised: Supervised): void {
    this.#supervised = supervised;
  }

  /** Ends what is being asked and refuses what is asked after that. */
  end(): void {
    this.#ending.abort();
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const name = (request.url ?? '').slice(1);
    if (name === 'down') return this.#down(request, response);
    const operation = request.method === 'POST' ? operationNamed(name) : undefined;
    if (!operation) return end(response, 404, { problem: problemData(unknownOperation(name)) });
    const value = parse(operation.takes, await readJson(request));
    const running = this.#running();
    const { signal } = this.#ending;
    if (operation.streams === true) await stream(response, operation, running, value, signal);
    else end(response, 200, await operation.run(running, value, { signal: callSignal(response, signal), emit: () => undefined }));
  }

  async #down(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const how = downSchema.parse(await readJson(request));
    end(response, 200, { pid: process.pid });
    this.#onDown(how);
  }

  #running(): Supervised {
    if (this.#ending.signal.aborted) throw new Problem('refused', 'stopping', 'the deployment is being stopped', 'Start it again with "isesim up".');
    if (!this.#supervised) throw new Problem('refused', 'starting', 'the deployment is still starting', 'Wait until "isesim up" says that it is up.');
    return this.#supervised;
  }
}

function unknownOperation(name: string): Problem {
  return new Problem('could not run', 'operation', `this supervisor does not know "${name}"`, 'Is it of the same version? Start it again: isesim down, isesim up.');
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
