import type { Socket } from 'node:net';
import { dnsName, NetworkError, type HeldConfiguration, type ProxySettings } from '@isesim/domain';

/** The header in which our proxy tells from where it has dialled out: the name of the connection at the far end. */
export const dialledFromHeader = 'isesim-dialled-from';
// An own limit, far above what a proxy says.
const answerLengthMax = 16_384;
const headEnd = '\r\n\r\n';

/** The proxy through which a configuration leads to `host`; undefined for the direct way. */
export function proxyTo(host: string, { pages }: HeldConfiguration): ProxySettings | undefined {
  const proxy = pages.proxy?.proxy;
  const name = dnsName(host);
  if (!proxy || proxy.bypass.map(dnsName).some((each) => name === each || name.endsWith(`.${each}`))) return undefined;
  return proxy;
}

/** Asks the proxy at the other end of `socket` to lead to `to`, and resolves with the name of the connection at the far end. */
export async function openTunnel(socket: Socket, to: string, proxy: string): Promise<string | undefined> {
  const answered = headOf(socket, proxy);
  socket.write(`CONNECT ${to} HTTP/1.1\r\nHost: ${to}${headEnd}`);
  const [status = '', ...fields] = (await answered).split('\r\n');
  if (!/^HTTP\/1\.[01] 2\d\d\b/.test(status)) throw new NetworkError('EPROXY', `${proxy} answered CONNECT ${to} with ${status.replace(/^HTTP\/\S+ /, '').slice(0, 100)}`);
  const field = fields.find((each) => each.toLowerCase().startsWith(`${dialledFromHeader}:`));
  return field?.slice(dialledFromHeader.length + 1).trim();
}

/** All up to the empty line; what follows it is left for who reads next. */
function headOf(socket: Socket, proxy: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let taken = Buffer.alloc(0);
    const end = (settle: () => void) => {
      socket.off('readable', onReadable).off('error', onError).off('close', onClose);
      settle();
    };
    const onReadable = () => {
      taken = Buffer.concat([taken, (socket.read() as Buffer | null) ?? Buffer.alloc(0)]);
      const length = taken.indexOf(headEnd);
      if (length < 0 && taken.length <= answerLengthMax) return;
      const rest = taken.subarray(length + headEnd.length);
      if (length >= 0 && rest.length > 0) socket.unshift(rest);
      end(() => { resolve(taken.subarray(0, Math.max(length, 0)).toString('latin1')); });
    };
    const onError = (error: NodeJS.ErrnoException) => { end(() => { reject(new NetworkError(error.code ?? 'ECONNRESET', error.message, { cause: error })); }); };
    const onClose = () => { end(() => { reject(new NetworkError('EPROXY', `${proxy} closed the connection instead of answering`)); }); };
    // Not by 'data': a socket that was paused after it stays paused for who reads next.
    socket.on('readable', onReadable).on('error', onError).on('close', onClose);
  });
}
