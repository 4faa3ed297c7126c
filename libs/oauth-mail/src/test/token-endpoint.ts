import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { IncomingMessage } from 'node:http';
import type { ServerIdentity } from './certificates.contract.ts';

export interface TokenAnswer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  /** An object goes out as JSON. */
  readonly body: object | string;
}

/** An HTTPS server that plays Entra ID's token endpoint: by default it gives token-1, token-2 … */
export interface TokenEndpoint extends AsyncDisposable {
  readonly port: number;
  readonly posts: { readonly url: string; readonly form: URLSearchParams; readonly from: string | undefined }[];
  /** The next answers; then again the default. `silence` never answers. */
  readonly answers: (TokenAnswer | 'silence' | 'cut')[];
  /** Resolves at the next request. */
  asked(): Promise<void>;
}

export async function startTokenEndpoint({ key, cert }: ServerIdentity): Promise<TokenEndpoint> {
  const posts: TokenEndpoint['posts'] = [];
  const answers: TokenEndpoint['answers'] = [];
  const waiting: (() => void)[] = [];
  let tokens = 0;

  const server = createServer({ key, cert }, (request, response) => {
    void text(request).then((body) => {
      posts.push({ url: request.url ?? '', form: new URLSearchParams(body), from: request.socket.remoteAddress });
      waiting.splice(0).forEach((each) => each());
      const answer = answers.shift() ?? tokenAnswer(`token-${(tokens += 1)}`);
      if (answer === 'silence') return;
      if (answer === 'cut') return void request.socket.destroy();
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
      response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    posts,
    answers,
    asked: () => new Promise((resolve) => waiting.push(resolve)),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function tokenAnswer(token: string): TokenAnswer {
  return { body: { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: token } };
}

/** As Entra ID words it (facts of the flow: status, error, AADSTS number). */
export function entraError(status: number, error: string, number: number, text: string): TokenAnswer {
  const ids = 'Trace ID: 11111111-aaaa-4bbb-8ccc-000000000001 Correlation ID: 22222222-aaaa-4bbb-8ccc-000000000002 Timestamp: 2026-02-02 05:00:00Z';
  return { status, body: { error, error_description: `AADSTS${number}: ${text} ${ids}`, error_codes: [number], timestamp: '2026-02-02 05:00:00Z' } };
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
