import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Random } from '@isesim/domain';
import { fillIn } from '../fill-in.ts';
import { refusals, type Refusal } from './refusals.ts';
import type { RequestContext } from './request-context.ts';

export interface Answer {
  readonly status: number;
  readonly body: object | string;
  readonly headers?: OutgoingHttpHeaders;
}

/** The error body of Entra ID: https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
export function refusalAnswer({ refused, values }: Refusal, { now, traceId, correlationId }: RequestContext): Answer {
  const { status, error, code, text, documented } = refusals[refused];
  const timestamp = new Date(now).toISOString().replace('T', ' ').replace(/\.\d+/, '');
  const ids = `Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`;
  return {
    status,
    body: {
      error,
      error_description: `AADSTS${code}: ${fillIn(text, values)} ${ids}`,
      error_codes: [code],
      timestamp,
      trace_id: traceId,
      correlation_id: correlationId,
      ...(documented ? { error_uri: `https://login.microsoftonline.com/error?code=${code}` } : {}),
    },
    headers: { 'x-ms-clitelem': `1,${code},0,,` },
  };
}

export function writeAnswer(response: ServerResponse, { status, body, headers = {} }: Answer, context: RequestContext, random: Random): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
  response.writeHead(status, {
    ...commonHeaders(context, random),
    ...headers,
    'content-type': type,
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

function commonHeaders({ now, traceId, cause }: RequestContext, random: Random): OutgoingHttpHeaders {
  return {
    'cache-control': 'no-store, no-cache',
    pragma: 'no-cache',
    expires: '-1',
    // Node's own Date header would show the real time.
    date: new Date(now).toUTCString(),
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'x-content-type-options': 'nosniff',
    p3p: 'CP="DSP CUR OTPi IND OTRi ONL FIN"',
    'x-ms-request-id': traceId,
    'x-ms-ests-server': '2.1.22500.6 - WEULR1 ProdSlices',
    'x-ms-clitelem': '1,0,0,,',
    'set-cookie': [
      `fpc=${random.text(`fpc ${cause}`, 24)}; path=/; secure; HttpOnly; SameSite=None`,
      'x-ms-gateway-slice=estsfd; path=/; secure; httponly',
      'stsservicecookie=estsfd; path=/; secure; httponly',
    ],
  };
}
