import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharedWorld } from './fixtures/shared-world.ts';
import { clientId, mailbox, message, scope, secret, tenantId, xoauth2 } from './test-world.ts';

/*
 * Clients that share no code with the double or the nodes. Where one is not installed its tests are reported as skipped;
 * the tests over bare sockets run everywhere.
 */

const isInstalled = (program: string, argument: string) => spawnSync(program, [argument]).status === 0;
const curl = isInstalled('curl', '--version');
const openssl = isInstalled('openssl', 'version');

const world = sharedWorld();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isesim-clients-'));
  await writeFile(join(folder, 'entra.pem'), world.double.roots['entra-root']);
  await writeFile(join(folder, 'exchange.pem'), world.double.roots['exchange-root']);
  await writeFile(join(folder, 'mail.eml'), message());
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const form = new URLSearchParams({ client_id: clientId, client_secret: secret, grant_type: 'client_credentials', scope }).toString();
const smtpAuthOff = /535 5\.7\.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox\./;

function forbidSmtpAuth(): void {
  world.change(({ mailboxes }) => ({ mailboxes: mailboxes.map((each) => ({ ...each, authenticatedSmtp: false })) }));
}

function withoutPermission(): void {
  world.change(({ mailboxes }) => ({ mailboxes: mailboxes.map((each) => ({ ...each, permissions: [] })) }));
}

describe.runIf(curl)('curl', () => {
  test('gets a token, and submits with it', async () => {
    const { status, body } = await postToken(form);
    expect(status).toBe(200);
    const { access_token: token } = JSON.parse(body) as { access_token: string };
    const { exit, dialogue } = await submit(token);
    expect(dialogue).toContain('< 235 2.7.0 Authentication successful');
    expect(dialogue).toContain('< 250 2.0.0 OK <one@ise.example> [Hostname=AM0PR02MB4132.eurprd02.prod.outlook.com]');
    expect(exit).toBe(0);
    expect(world.recorded.map(({ record }) => record.to)).toEqual([['ana@guest.example']]);
  });

  test('is told what is wrong with its request for a token', async () => {
    const { status, body } = await postToken(form.replace(/client_secret=[^&]*/, 'client_secret=wrong'));
    expect(status).toBe(401);
    expect(JSON.parse(body)).toMatchObject({ error: 'invalid_client', error_codes: [7000215] });
  });

  test('takes a throttled token endpoint for what it is', async () => {
    world.double.faults.set([{ fault: 'token-429', retryAfterMs: 7_000 }]);
    const { status, body, head } = await postToken(form);
    expect({ status, body }).toEqual({ status: 429, body: 'Too Many Requests' });
    expect(head).toMatch(/^retry-after: 7$/im);
  });

  // curl's own exit codes: 67 login denied, 56 the far end failed while data came, 8 a weird reply of the server.
  test.each<[what: string, exits: number[], change: () => void, reply: RegExp]>([
    ['AUTH when SMTP AUTH is off', [67], forbidSmtpAuth, smtpAuthOff],
    ['the end of DATA when the permission is missing', [55, 56, 8], withoutPermission, /430 4\.2\.0 STOREDRV; mailbox logon failure;/],
    ['AUTH when Exchange is in trouble', [67], () => { world.double.faults.set([{ fault: 'exchange-451' }]); }, /451 4\.7\.0 Temporary server error\./],
    ['the greeting when Exchange is down', [8], () => { world.double.faults.set([{ fault: 'exchange-421' }]); }, /421 4\.3\.2 Service not available/],
  ])('fails at %s', async (_what, exits, change, reply) => {
    const token = await world.token();
    change();
    const { exit, dialogue } = await submit(token);
    expect(dialogue).toMatch(reply);
    expect(exits).toContain(exit);
    expect(world.recorded).toEqual([]);
  });

  async function postToken(body: string): Promise<{ status: number; head: string; body: string }> {
    const { host, port } = world.double.login;
    const { output } = await run('curl', [
      ...['--silent', '--noproxy', '*', '--include', '--http1.1', '--cacert', join(folder, 'entra.pem'), '--resolve', `login.microsoftonline.com:${port}:${host}`],
      ...['--data-binary', '@-', `https://login.microsoftonline.com:${port}/${tenantId}/oauth2/v2.0/token`],
    ], body);
    const [head = '', ...rest] = output.split('\r\n\r\n');
    return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]), head, body: rest.join('\r\n\r\n') };
  }

  async function submit(token: string): Promise<{ exit: number | null; dialogue: string }> {
    const { host, port } = world.double.smtp;
    // By its configuration on standard input: a token is no argument.
    const { exit, errors } = await run('curl', [
      ...['--verbose', '--silent', '--noproxy', '*', '--config', '-', '--ssl-reqd', '--cacert', join(folder, 'exchange.pem'), '--resolve', `smtp.office365.com:${port}:${host}`],
      ...['--login-options', 'AUTH=XOAUTH2', '--mail-from', mailbox, '--mail-rcpt', 'ana@guest.example', '--upload-file', join(folder, 'mail.eml')],
      `smtp://smtp.office365.com:${port}/ise-1.ise.example`,
    ], `user = "${mailbox}:"\noauth2-bearer = "${token}"\n`);
    return { exit, dialogue: errors };
  }
});

describe.runIf(openssl)('openssl s_client', () => {
  test('verifies both chains, gets a token and submits with it', async () => {
    const { host, port } = world.double.login;
    const request = `POST /${tenantId}/oauth2/v2.0/token HTTP/1.1\r\nHost: login.microsoftonline.com\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${form.length}\r\nConnection: close\r\n\r\n${form}`;
    const { output } = await run('openssl', ['s_client', '-connect', `${host}:${port}`, ...verified('entra.pem', 'login.microsoftonline.com')], request);
    expect(output).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    const { access_token: token } = JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1)) as { access_token: string };
    expect(await dialogue(token)).toEqual(['235', '250', '250', '354', '250', '221']);
    expect(world.recorded).toHaveLength(1);
  });

  test('fails at AUTH when SMTP AUTH is off, and is then not authenticated', async () => {
    forbidSmtpAuth();
    expect(await dialogue(await world.token())).toEqual(['535', '530', '503', '503']);
  });

  function verified(root: string, name: string): string[] {
    return ['-quiet', '-verify_return_error', '-verify_hostname', name, '-servername', name, '-CAfile', join(folder, root)];
  }

  /** The reply code of each step, until one of them makes the rest pointless. */
  async function dialogue(token: string): Promise<string[]> {
    const { host, port } = world.double.smtp;
    const steps = [`AUTH XOAUTH2 ${xoauth2(mailbox, token)}`, `MAIL FROM:<${mailbox}>`, 'RCPT TO:<ana@guest.example>', 'DATA'];
    const client = spawn('openssl', ['s_client', '-starttls', 'smtp', '-name', 'ise-1.ise.example', '-connect', `${host}:${port}`, ...verified('exchange.pem', 'smtp.office365.com')]);
    const replies = repliesOf(client.stdout);
    // Before this reply there is that to EHLO, and versions of s_client differ in what they show of the dialogue before TLS.
    client.stdin.write('EHLO ise-1.ise.example\r\nVRFY ana\r\n');
    while ((await replies.next()).value === '250');
    const codes: string[] = [];
    for (const step of [...steps, `${message()}.`, 'QUIT']) {
      client.stdin.write(`${step}\r\n`);
      const code = (await replies.next()).value ?? '';
      codes.push(code);
      if (step === 'DATA' && code !== '354') break;
    }
    const ended = once(client, 'close');
    client.kill();
    await ended;
    return codes;
  }
});

/** The code of each whole reply. */
async function* repliesOf(output: AsyncIterable<Buffer>): AsyncGenerator<string, undefined> {
  let received = '';
  for await (const chunk of output) {
    received += chunk.toString();
    for (let end = received.indexOf('\n'); end >= 0; end = received.indexOf('\n')) {
      const code = /^(\d{3})(?: |\r?\n)/.exec(received.slice(0, end + 1))?.[1];
      received = received.slice(end + 1);
      if (code !== undefined) yield code;
    }
  }
  return undefined;
}

interface Ended {
  readonly exit: number | null;
  readonly output: string;
  readonly errors: string;
}

function run(program: string, options: readonly string[], input: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, options);
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    child.on('error', reject);
    // One that has seen enough reads no further.
    child.stdin.on('error', () => undefined);
    child.on('close', (exit) => {
      resolve({ exit, output: Buffer.concat(output).toString(), errors: Buffer.concat(errors).toString() });
    });
    child.stdin.end(input);
  });
}
