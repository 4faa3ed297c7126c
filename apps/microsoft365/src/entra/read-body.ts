import type { IncomingMessage } from 'node:http';

// A token request has about 1 KB; one with a certificate assertion a few. More is no token request.
const bodySizeMax = 65_536;

/** The whole body; undefined when the client went away before its end. A body that is too large is not read further. */
export function readBody(request: IncomingMessage): Promise<Buffer | 'too large' | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > bodySizeMax) resolve('too large');
      else chunks.push(chunk);
    });
    request.on('end', () => {
      resolve(Buffer.concat(chunks));
    });
    request.on('close', () => {
      resolve(undefined);
    });
  });
}
