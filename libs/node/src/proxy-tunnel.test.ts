import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { HeldConfiguration } from '@isesim/domain';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import { openTunnel, proxyTo } from './proxy-tunnel.ts';

/** A proxy that notes what it was asked and says what the test gives it, in these pieces. */
async function proxyThatSays(...pieces: string[]): Promise<{ socket: Socket; asked: Promise<string> }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const asked = once(server, 'connection').then(async ([far]: Socket[]) => {
    const [first] = (await once(far as Socket, 'data')) as [Buffer];
    for (const piece of pieces) await new Promise((resolve) => far?.write(piece, resolve));
    if (pieces.length === 0) far?.end();
    return first.toString();
  });
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  onTestFinished(async () => {
    socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { socket, asked };
}

describe('a tunnel', () => {
  it('is asked for by name, and named as the proxy says', async () => {
    const { socket, asked } = await proxyThatSays('HTTP/1.1 200 Connection established\r\nIsesim-Dialled-From: 127.9.8.7:4321\r\n\r\n');
    expect(await openTunnel(socket, 'smtp.office365.com:587', 'proxy.example:8080')).toBe('127.9.8.7:4321');
    expect(await asked).toBe('CONNECT smtp.office365.com:587 HTTP/1.1\r\nHost: smtp.office365.com:587\r\n\r\n');
  });

  it('leaves what comes after the answer to who reads next', async () => {
    const { socket } = await proxyThatSays('HTTP/1.1 200 OK\r', '\n\r\n220 greeting');
    expect(await openTunnel(socket, 'a:1', 'p:2')).toBeUndefined();
    const [greeting] = (await once(socket, 'data')) as [Buffer];
    expect(greeting.toString()).toBe('220 greeting');
  });

  it.each([
    [['HTTP/1.1 502 Bad Gateway\r\n\r\n'], 'p:2 answered CONNECT a:1 with 502 Bad Gateway'],
    [['220 not a proxy\r\n\r\n'], 'p:2 answered CONNECT a:1 with 220 not a proxy'],
    [[], 'p:2 closed the connection instead of answering'],
    [['x'.repeat(20_000)], 'p:2 answered CONNECT a:1 with '],
  ])('is not had of a proxy that says %j', async (pieces, message) => {
    const { socket } = await proxyThatSays(...pieces);
    await expect(openTunnel(socket, 'a:1', 'p:2')).rejects.toMatchObject({ name: 'NetworkError', code: 'EPROXY', message });
  });
});

test.each<[string, boolean]>([
  ['smtp.office365.com', true],
  ['login.microsoftonline.com', false],
  ['a.contoso.example', false],
  ['notcontoso.example', true],
  ['Login.MicrosoftOnline.com.', false],
  ['a.CONTOSO.example', false],
])('with hosts and domains that bypass it, the proxy is taken to %s: %s', (host, taken) => {
  const proxy = { host: 'proxy.example', port: 8080, bypass: ['login.microsoftonline.com', 'contoso.example'] };
  const held = (page?: object) => ({ revision: 1, epoch: 1, primaryPan: 'ise-1', pages: { proxy: page } }) as HeldConfiguration;
  expect(proxyTo(host, held({ proxy })) === proxy).toBe(taken);
  expect(proxyTo(host, held({ proxy: null }))).toBeUndefined();
  expect(proxyTo(host, held())).toBeUndefined();
});
