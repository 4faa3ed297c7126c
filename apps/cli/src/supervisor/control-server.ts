import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Supervised } from '../operations/operation.ts';
import { Calls, type Down } from './calls.ts';
import { end, fail } from './respond.ts';

export interface ControlServer {
  readonly url: string;
  /** From here on operations are done; before that they are refused, save `down`. */
  serve(supervised: Supervised): void;
  /** Ends what is being asked and refuses what is asked after that. */
  endCalls(): void;
  close(): Promise<void>;
}

export interface ControlServerOptions {
  readonly token: string;
  /** Called when the deployment is to be stopped. */
  readonly onDown: (how: Down) => void;
}

const lastAnswersWithinMs = 200;

/** The door through which the verbs reach a supervisor: `POST /<operation>`, JSON in and out. */
export async function startControlServer({ token, onDown }: ControlServerOptions): Promise<ControlServer> {
  const calls = new Calls(onDown);
  const server = createServer((request, response) => {
    const denied = denialOf(request, token, portOf(server));
    if (denied) deny(response, denied);
    else calls.answer(request, response).catch((error: unknown) => { fail(response, error); });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    serve: (supervised) => { calls.serve(supervised); },
    endCalls: () => { calls.end(); },
    close: () => closeServer(server),
  };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => { resolve(); });
    server.closeIdleConnections();
    setTimeout(() => { server.closeAllConnections(); }, lastAnswersWithinMs).unref();
  });
}

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
