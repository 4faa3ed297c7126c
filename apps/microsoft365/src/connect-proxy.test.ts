import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { startConnectProxy } from './connect-proxy.ts';

// Elsewhere than on Linux a machine may have 127.0.0.1 alone.
const nodeAddress = process.platform === 'linux' ? '127.83.0.9' : '127.0.0.1';

/** A proxy that leads to one far end, as `far.example:25`. */
async function setUp() {
  const farEnd = createServer();
  farEnd.listen(0, '127.0.0.1');
  await once(farEnd, 'listening');
  const proxy = await startConnectProxy({ listen: '127.0.0.1', leadsTo: { 'far.example:25': { host: '127.0.0.1', port: (farEnd.address() as AddressInfo).port } } });
  onTestFinished(async () => {
    await proxy.close();
    await new Promise((resolve) => farEnd.close(resolve));
  });
  const dial = async (): Promise<Socket> => {
    const socket = connect({ host: proxy.host, port: proxy.port, localAddress: nodeAddress });
    await once(socket, 'connect');
    onTestFinished(() => { socket.destroy(); });
    return socket;
  };
  const lead = async () => {
    const client = await dial();
    const accepted = once(farEnd, 'connection') as Promise<[Socket]>;
    client.write('CONNECT far.example:25 HTTP/1.1\r\nHost: far.example:25\r\n\r\n');
    const [far] = await accepted;
    const [answer] = (await once(client, 'data')) as [Buffer];
    return { client, far, answer: answer.toString() };
  };
  return { proxy, dial, lead };
}

it("leads to the host that it knows from its client's own address, and says from which port", async () => {
  const { lead } = await setUp();
  const { client, far, answer } = await lead();
  expect(far.remoteAddress).toBe(nodeAddress);
  expect(answer).toBe(`HTTP/1.1 200 Connection established\r\nisesim-dialled-from: ${nodeAddress}:${far.remotePort}\r\n\r\n`);
  client.write('over');
  expect(String((await once(far, 'data'))[0])).toBe('over');
  far.write('back');
  expect(String((await once(client, 'data'))[0])).toBe('back');
});

it('ends a connection on the other side when one side ends it, with its last words', async () => {
  const { lead } = await setUp();
  const one = await lead();
  one.far.resume();
  one.client.destroy();
  await once(one.far, 'close');
  const two = await lead();
  const words = once(two.client, 'data');
  two.far.end('221 bye');
  expect(String((await words)[0])).toBe('221 bye');
  two.client.resume();
  await once(two.client, 'close');
});

it.each([
  ['a host that it does not know', 'CONNECT elsewhere.example:25 HTTP/1.1\r\nHost: elsewhere.example:25\r\n\r\n', 'HTTP/1.1 502 Bad Gateway'],
  ['anything but CONNECT', 'GET http://far.example/ HTTP/1.1\r\nHost: far.example\r\n\r\n', 'HTTP/1.1 405 Method Not Allowed'],
])('refuses %s', async (_, request, status) => {
  const { dial } = await setUp();
  const client = await dial();
  client.write(request);
  expect(String((await once(client, 'data'))[0])).toContain(status);
});

it('closes what is open when it is closed', async () => {
  const { dial, lead, proxy } = await setUp();
  const { client, far } = await lead();
  client.on('error', () => undefined).resume();
  far.on('error', () => undefined).resume();
  const gone = Promise.all([once(client, 'close'), once(far, 'close')]);
  await Promise.all([proxy.close(), gone]);
  await expect(dial()).rejects.toThrow('ECONNREFUSED');
});
