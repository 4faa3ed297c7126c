import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { Secret, type Mail, type OAuthSettings, type Outcome, type SmtpServerSettings } from '@isesim/domain';
import { openOAuthMail, type OAuthMail } from '../oauth-mail.ts';
import { makeIdentity } from './certificates.contract.ts';
import { startMailServer, type MailServer, type MailServerOptions } from './mail-server.contract.ts';
import { makeTestWorld, type TestWorld } from './test-world.ts';
import { startTokenEndpoint, type TokenEndpoint } from './token-endpoint.ts';

export const clientSecret = 'tHe-v3ry~secret.value';

export const oauth: OAuthSettings = {
  type: 'exchange-online-oauth',
  emailAddress: 'no-reply@contoso.onmicrosoft.com',
  clientId: '7d8f0c1e-1111-4222-8333-444455556666',
  tenantId: '2c3d4e5f-aaaa-4bbb-8ccc-ddddeeeeffff',
  clientSecret: new Secret(clientSecret),
};

export const settings: SmtpServerSettings = {
  host: 'smtp.office365.com',
  port: 587,
  connectionTimeoutMs: 60_000,
  tls: true,
  authentication: oauth,
};

export function makeMail(number = 1): Mail {
  return {
    messageId: `n-${number}@ise-1.ise.example`,
    from: 'no-reply@contoso.onmicrosoft.com',
    to: ['ana@guest.example'],
    subject: 'Your guest account',
    text: 'Hello',
    html: '<p>Hello</p>',
    headers: { 'X-ISEsim-Node': 'ise-1' },
    date: Date.UTC(2026, 1, 2, 5),
  };
}

/** The library in front of both servers, in a world of its own. */
export interface Bench extends AsyncDisposable {
  readonly world: TestWorld;
  readonly entra: TokenEndpoint;
  readonly exchange: MailServer;
  readonly mail: OAuthMail;
  /** One attempt with everything in order, unless told otherwise. */
  send(options?: { mail?: Mail; settings?: SmtpServerSettings; freshToken?: boolean; mayBegin?: () => boolean }): Promise<Outcome>;
}

const hosts = ['login.microsoftonline.com', 'smtp.office365.com'];
const identity = makeIdentity(hosts);
const stranger = makeIdentity(hosts, 'Another root');
export const rootOf = { ours: identity.then(({ root }) => root), strangers: stranger.then(({ root }) => root) };

export async function setUp(options: MailServerOptions = {}): Promise<Bench> {
  const world = makeTestWorld();
  const entra = await startTokenEndpoint(await identity);
  const exchange = await startMailServer(await identity, options);
  world.hosts.set('login.microsoftonline.com:443', entra.port).set('smtp.office365.com:587', exchange.port);
  world.trusted = [await rootOf.ours];
  const mail = openOAuthMail(world);
  return {
    world,
    entra,
    exchange,
    mail,
    async send({ mail: message = makeMail(), settings: held = settings, freshToken = false, mayBegin = () => true } = {}) {
      return withoutSecrets(await mail.sendOnce(message, held, { freshToken, mayBegin }));
    },
    async [Symbol.asyncDispose]() {
      await mail.close();
      assert.equal(openSockets(world), 0, 'sockets left open');
      assert.equal(world.pendingDeadlines(), 0, 'deadlines left behind');
      await entra[Symbol.asyncDispose]();
      await exchange[Symbol.asyncDispose]();
    },
  };
}

export function openSockets({ sockets }: TestWorld): number {
  return sockets.filter(({ closed }) => !closed).length;
}

/** `value`, after a look at every way in which it could be written to a log. */
export function withoutSecrets<T>(value: T): T {
  for (const text of [JSON.stringify(value), inspect(value, { depth: 10, showHidden: true })]) {
    assert(!text.includes(clientSecret) && !/token-\d/.test(text), `a secret shows in ${text}`);
  }
  return value;
}
