import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Secret } from '@isesim/domain';
import fc from 'fast-check';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import { describe, expect, test } from 'vitest';
import { sharedWorld } from '../fixtures/shared-world.ts';
import {
  applicationObjectId,
  clientId,
  enterpriseObjectId,
  mailbox,
  scope,
  secret,
  startTime,
  tenantId,
  wellMadeTenant,
  type HttpAnswer,
} from '../test-world.ts';

const wellMade = { client_id: clientId, scope, client_secret: secret, grant_type: 'client_credentials' };
const correlationId = 'b1c8a3f0-1111-4222-8333-0123456789ab';
const day = 86_400_000;
const application = () => wellMadeTenant().applications[0] ?? expect.unreachable();

const world = sharedWorld();

describe('a token', () => {
  test('has the claims of version 1.0 for an application, and times of the simulated clock', async () => {
    const { status, body } = await world.postToken(wellMade);
    expect(status).toBe(200);
    expect(body).toEqual({ token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: expect.any(String) });
    const token = (body as { access_token: string }).access_token;
    const header = decodeProtectedHeader(token);
    expect(header).toEqual({ typ: 'JWT', alg: 'RS256', kid: expect.any(String), x5t: header.kid });
    const issued = Math.floor(world.clock.now() / 1_000);
    const issuer = `https://sts.windows.net/${tenantId}/`;
    expect(decodeJwt(token)).toEqual({
      aud: 'https://outlook.office.com',
      iss: issuer,
      idp: issuer,
      iat: issued,
      nbf: issued,
      exp: issued + 3599,
      aio: expect.any(String),
      app_displayname: 'isesim',
      appid: clientId,
      appidacr: '1',
      idtyp: 'app',
      oid: enterpriseObjectId,
      sub: enterpriseObjectId,
      rh: expect.any(String),
      roles: ['SMTP.SendAsApp'],
      tid: tenantId,
      uti: expect.any(String),
      ver: '1.0',
      wids: expect.any(Array),
    });
  });

  test('is signed with the key that the key set shows', async () => {
    const keys = (await world.http('GET', `/${tenantId}/discovery/v2.0/keys`)).body as JSONWebKeySet;
    const verified = jwtVerify(await world.token(), createLocalJWKSet(keys), { currentDate: new Date(world.clock.now()) });
    await expect(verified).resolves.toMatchObject({ protectedHeader: { alg: 'RS256' } });
    expect((await world.http('GET', '/discovery/v2.0/keys')).body).toEqual(keys);
    expect(JSON.stringify(keys)).not.toMatch(/"(d|p|q|dp|dq|qi)"/);
  });

  test.each([
    ['Microsoft’s scope', { scope: 'https://outlook.office365.com/.default' }, 'https://outlook.office365.com', ['SMTP.SendAsApp']],
    ['Graph', { scope: 'https://graph.microsoft.com/.default' }, 'https://graph.microsoft.com', undefined],
  ])('is for the resource that was asked for: %s', async (_, form, audience, roles) => {
    expect(decodeJwt(await world.token(form))).toMatchObject({ aud: audience, ...(roles ? { roles } : {}) });
    if (!roles) expect(decodeJwt(await world.token(form))).not.toHaveProperty('roles');
  });

  test.each([
    ['permission', { permissions: [] }],
    ['admin consent', { adminConsent: false }],
  ])('without %s is issued without roles', async (_, change) => {
    world.change(() => ({ applications: [{ ...application(), ...change }] }));
    expect(decodeJwt(await world.token())).not.toHaveProperty('roles');
  });

  test('is given to the tenant’s domain as to its id, in either case', async () => {
    for (const tenant of ['contoso.onmicrosoft.com', 'CONTOSO.onmicrosoft.com', tenantId.toUpperCase()]) {
      expect((await world.postToken(wellMade, { tenant })).status).toBe(200);
    }
  });

  test('is given for credentials in HTTP Basic', async () => {
    const basic = (id: string, value: string) =>
      `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(value)}`).toString('base64')}`;
    const form = { scope, grant_type: 'client_credentials' };
    expect((await world.postToken(form, { headers: { authorization: basic(clientId, secret) } })).status).toBe(200);
    const odd = 'a:b&c=d+e %f';
    world.change(() => ({ applications: [{ ...application(), secrets: [{ value: new Secret(odd), expires: startTime + day }] }] }));
    expect((await world.postToken(form, { headers: { authorization: basic(clientId, odd) } })).status).toBe(200);
    expect((await world.postToken(form, { headers: { authorization: basic(clientId, secret) } })).status).toBe(401);
  });

  test('is given for either of two live secrets, and not for the one that has expired', async () => {
    const secrets = [
      { value: new Secret('old'), expires: world.clock.now() + 1_000 },
      { value: new Secret('new'), expires: world.clock.now() + day },
    ];
    world.change(() => ({ applications: [{ ...application(), secrets }] }));
    const statuses = async () => [(await world.postToken({ ...wellMade, client_secret: 'old' })).status, (await world.postToken({ ...wellMade, client_secret: 'new' })).status];
    expect(await statuses()).toEqual([200, 200]);
    world.clock.advance(999);
    expect(await statuses()).toEqual([200, 200]);
    world.clock.advance(1);
    expect(await statuses()).toEqual([401, 200]);
    const renewed = secrets.map(({ expires }) => ({ value: new Secret('old'), expires }));
    world.change(() => ({ applications: [{ ...application(), secrets: renewed }] }));
    expect(await statuses()).toEqual([200, 401]);
  });

  test('differs from every other, as its ids do, also at one instant and for the same request', async () => {
    for (const headers of [{}, { 'client-request-id': correlationId }]) {
      const answers = [await world.postToken(wellMade, { headers }), await world.postToken(wellMade, { headers }), await world.postToken(wellMade, { headers })];
      const tokens = answers.map(({ body }) => (body as { access_token: string }).access_token);
      expect(new Set(answers.map((answer) => answer.headers['x-ms-request-id'])).size).toBe(3);
      expect(new Set(answers.map((answer) => String(answer.headers['set-cookie']))).size).toBe(3);
      for (const claim of ['uti', 'aio', 'rh']) expect(new Set(tokens.map((token) => decodeJwt(token)[claim])).size, claim).toBe(3);
    }
  });

  test('comes with Entra ID’s headers', async () => {
    const { headers } = await world.postToken(wellMade);
    expect(headers).toMatchObject({
      'cache-control': 'no-store, no-cache',
      pragma: 'no-cache',
      expires: '-1',
      'content-type': 'application/json; charset=utf-8',
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'x-content-type-options': 'nosniff',
      p3p: 'CP="DSP CUR OTPi IND OTRi ONL FIN"',
      'x-ms-clitelem': '1,0,0,,',
      'x-ms-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'x-ms-ests-server': expect.stringMatching(/ProdSlices$/),
      date: new Date(world.clock.now()).toUTCString(),
    });
    expect(headers['set-cookie']).toHaveLength(3);
  });
});

describe('a refusal', () => {
  type Row = [cause: string, ask: () => Promise<HttpAnswer>, status: number, error: string, code: number, text: string];
  const ask = (form: Partial<typeof wellMade>, tenant = tenantId) => () => world.postToken({ ...wellMade, ...form }, { tenant });
  const without = (name: keyof typeof wellMade) => () =>
    world.postToken(Object.fromEntries(Object.entries(wellMade).filter(([each]) => each !== name)));
  const unknownTenant = '99999999-aaaa-4bbb-8ccc-ddddeeeeffff';
  const unknownClient = '99999999-1111-4222-8333-444455556666';
  const notFound = (tenant: string) =>
    `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`;
  const missing = (name: string) => `The request body must contain the following parameter: '${name}'.`;

  const rows: Row[] = [
    ['tenant unknown, by id', ask({}, unknownTenant), 400, 'invalid_request', 90002, notFound(unknownTenant)],
    ['tenant unknown, by domain', ask({}, 'fabrikam.example'), 400, 'invalid_request', 90002, notFound('fabrikam.example')],
    [
      'tenant unknown at openid-configuration',
      () => world.http('GET', `/${unknownTenant}/v2.0/.well-known/openid-configuration`),
      400,
      'invalid_tenant',
      90002,
      notFound(unknownTenant),
    ],
    [
      'tenant malformed',
      ask({}, 'not-a-tenant'),
      400,
      'invalid_request',
      900023,
      "Specified tenant identifier 'not-a-tenant' is neither a valid DNS name, nor a valid external domain.",
    ],
    [
      'tenant with a broken escape',
      ask({}, '%zz'),
      400,
      'invalid_request',
      900023,
      "Specified tenant identifier '%zz' is neither a valid DNS name, nor a valid external domain.",
    ],
    ['grant type missing', without('grant_type'), 400, 'invalid_request', 900144, missing('grant_type')],
    ['client id missing', without('client_id'), 400, 'invalid_request', 900144, missing('client_id')],
    ['scope missing', without('scope'), 400, 'invalid_request', 900144, missing('scope')],
    [
      'secret missing',
      without('client_secret'),
      401,
      'invalid_client',
      7000216,
      "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
    ],
    [
      'a body of another type',
      () => world.postToken(JSON.stringify(wellMade), { headers: { 'content-type': 'application/json' } }),
      400,
      'invalid_request',
      900144,
      missing('grant_type'),
    ],
    [
      'a parameter given twice',
      () => world.postToken(`${new URLSearchParams(wellMade).toString()}&scope=x`),
      400,
      'invalid_request',
      9000411,
      "The request is not properly formatted. The parameter 'scope' is duplicated.",
    ],
    [
      'another grant type',
      ask({ grant_type: 'password' }),
      400,
      'unsupported_grant_type',
      70003,
      "The app requested an unsupported grant type 'password'.",
    ],
    [
      'application unknown',
      ask({ client_id: unknownClient }),
      400,
      'unauthorized_client',
      700016,
      `Application with identifier '${unknownClient}' was not found in the directory 'contoso.onmicrosoft.com'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
    ],
    [
      'the application’s object id for its client id',
      ask({ client_id: applicationObjectId }),
      400,
      'unauthorized_client',
      700016,
      `Application with identifier '${applicationObjectId}' was not found in the directory 'contoso.onmicrosoft.com'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
    ],
    [
      'scope malformed',
      ask({ scope: `${scope} ${scope}` }),
      400,
      'invalid_scope',
      70011,
      `The provided value for the input parameter 'scope' is not valid. The scope ${scope} ${scope} is not valid.`,
    ],
    [
      'scope without /.default',
      ask({ scope: 'https://outlook.office.com/SMTP.Send' }),
      400,
      'invalid_scope',
      1002012,
      'The provided value for scope https://outlook.office.com/SMTP.Send is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).',
    ],
    [
      'resource unknown',
      ask({ scope: 'https://outlook.office.example/.default' }),
      400,
      'invalid_resource',
      500011,
      'The resource principal named https://outlook.office.example was not found in the tenant named contoso.onmicrosoft.com. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.',
    ],
    [
      'service principal missing',
      () => {
        world.change(() => ({ applications: [{ ...application(), enterpriseObjectId: '' }] }));
        return ask({})();
      },
      400,
      'unauthorized_client',
      7000229,
      `The client application ${clientId} is missing service principal in the tenant ${tenantId}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119`,
    ],
    [
      'secret wrong',
      ask({ client_secret: 'a wrong one' }),
      401,
      'invalid_client',
      7000215,
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
    ],
    [
      'secret expired',
      () => {
        const secrets = [{ value: new Secret(secret), expires: world.clock.now() }];
        world.change(() => ({ applications: [{ ...application(), secrets }] }));
        return ask({})();
      },
      401,
      'invalid_client',
      7000222,
      `The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
    ],
    [
      'another method',
      () => world.http('GET', `/${tenantId}/oauth2/v2.0/token`),
      405,
      'invalid_request',
      900561,
      'The endpoint only accepts POST requests. Received a GET request.',
    ],
  ];

  test.each(rows)('%s', async (_cause, request, status, error, code, text) => {
    const answer = await request();
    const body = answer.body as Record<string, string>;
    const timestamp = new Date(world.clock.now()).toISOString().slice(0, 19).replace('T', ' ') + 'Z';
    const ids = `Trace ID: ${body['trace_id'] ?? ''} Correlation ID: ${body['correlation_id'] ?? ''} Timestamp: ${timestamp}`;
    const uri = [1002012, 7000229].includes(code) ? {} : { error_uri: `https://login.microsoftonline.com/error?code=${code}` };
    expect(answer.status).toBe(status);
    expect(body).toEqual({
      error,
      error_description: `AADSTS${code}: ${text} ${ids}`,
      error_codes: [code],
      timestamp,
      trace_id: answer.headers['x-ms-request-id'],
      correlation_id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      ...uri,
    });
    expect(answer.headers['x-ms-clitelem']).toBe(`1,${code},0,,`);
    expect(answer.text + JSON.stringify(answer.headers)).not.toContain(secret);
  });

  test('finds fault in the documented order', async () => {
    const expired = [{ value: new Secret(secret), expires: world.clock.now() }];
    world.change(() => ({ applications: [{ ...application(), enterpriseObjectId: '', secrets: expired }] }));
    const wrong = { client_id: unknownClient, scope: 'x', client_secret: 'wrong', grant_type: 'password' };
    const codes: unknown[] = [];
    const codeOf = async (form: Record<string, string>, tenant = tenantId) => {
      codes.push(((await world.postToken(form, { tenant })).body as { error_codes: number[] }).error_codes[0]);
    };
    await codeOf({}, 'no-tenant');
    await codeOf({}, unknownTenant);
    await codeOf({});
    await codeOf(wrong);
    await codeOf({ ...wrong, grant_type: 'client_credentials' });
    await codeOf({ ...wrong, grant_type: 'client_credentials', client_id: clientId });
    await codeOf({ ...wrong, grant_type: 'client_credentials', client_id: clientId, scope: 'https://x/.default' });
    await codeOf({ ...wrong, grant_type: 'client_credentials', client_id: clientId, scope });
    world.change(() => ({ applications: [{ ...application(), secrets: expired }] }));
    await codeOf({ ...wellMade, client_secret: 'wrong' });
    await codeOf(wellMade);
    expect(codes).toEqual([900023, 90002, 900144, 70003, 700016, 1002012, 500011, 7000229, 7000215, 7000222]);
  });

  test('has ids of its own, also at one instant; those of another client at that instant count for nothing', async () => {
    const idsOf = async (from: string) => {
      const { body } = await world.http('POST', `/${tenantId}/oauth2/v2.0/token`, { from, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'client_id=x' });
      const { trace_id: trace, correlation_id: correlation } = body as Record<string, string>;
      return `${trace ?? ''} ${correlation ?? ''}`;
    };
    world.clock.advance(1);
    const alone = [await idsOf('127.0.0.5'), await idsOf('127.0.0.5'), await idsOf('127.0.0.5')];
    expect(new Set(alone.flatMap((each) => each.split(' '))).size).toBe(6);
    // As on another run, at the same instant.
    world.clock.advance(1);
    await idsOf('127.0.0.5');
    world.clock.advance(-1);
    const among = [await idsOf('127.0.0.6'), await idsOf('127.0.0.5'), await idsOf('127.0.0.6'), await idsOf('127.0.0.5'), await idsOf('127.0.0.5')];
    expect([among[1], among[3], among[4]]).toEqual(alone);
  });

  test.each([
    ['the header', { headers: { 'client-request-id': correlationId } }, ''],
    ['the body', {}, `&client-request-id=${correlationId}`],
  ])('echoes the client’s request id of %s', async (_, options, more) => {
    const answer = await world.postToken(`client_id=x${more}`, options);
    expect(answer.body).toMatchObject({ correlation_id: correlationId });
  });

  test('echoes the client’s request id of the query, where MSAL sends it', async () => {
    const answer = await world.http('POST', `/${tenantId}/oauth2/v2.0/token?client-request-id=${correlationId}`);
    expect(answer.body).toMatchObject({ correlation_id: correlationId });
  });

  test('never repeats a secret, not even one typed into the wrong field', async () => {
    for (const form of [
      { ...wellMade, client_id: secret, client_secret: clientId },
      { ...wellMade, scope: secret },
      { ...wellMade, grant_type: `x${secret}x` },
      { ...wellMade, client_id: `${secret}x` },
    ]) {
      const { status, text } = await world.postToken(form);
      expect(status).not.toBe(200);
      expect(text).not.toContain(secret);
    }
  });
});

describe('discovery', () => {
  test('leads a client that calls us by another name back to that name', async () => {
    const headers = { host: 'localhost:8443' };
    const { body } = await world.http('GET', '/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration', { headers });
    const base = `https://localhost:8443/${tenantId}`;
    expect(body).toMatchObject({ issuer: `${base}/v2.0`, token_endpoint: `${base}/oauth2/v2.0/token`, jwks_uri: `${base}/discovery/v2.0/keys` });
    const asked = encodeURIComponent(`${base}/oauth2/v2.0/authorize`);
    const instance = await world.http('GET', `/common/discovery/instance?api-version=1.1&authorization_endpoint=${asked}`, { headers });
    expect(instance.body).toMatchObject({
      tenant_discovery_endpoint: `${base}/v2.0/.well-known/openid-configuration`,
      metadata: [{ preferred_network: 'login.microsoftonline.com' }, { aliases: ['localhost:8443'] }],
    });
  });

  test('repeats no host that is none', async () => {
    const { text } = await world.http('GET', '/discovery/v2.0/keys', { headers: { host: 'evil"/<x>' } });
    expect(text).not.toContain('evil');
  });
});

describe('whatever comes', () => {
  test('a body too large is refused unread, and its connection closed', async () => {
    const answer = await world.postToken('x'.repeat(1_000_000));
    expect(answer).toMatchObject({ status: 413, headers: { connection: 'close' } });
    expect((await world.postToken('too large')).status).toBe(400);
  });

  test.each(['/', '//', '/x', '/oauth2/v2.0/token', '/%', '/a/b/c/d/e', `/${tenantId}/oauth2/v2.0/token/`])('%s is not found', async (path) => {
    expect((await world.http('POST', path)).status).toBe(404);
  });

  const words = ['POST', 'GET', ' ', '/', `/${tenantId}/oauth2/v2.0/token`, 'HTTP/1.1', '\r\n', '\r\n\r\n', 'Content-Length: ', '-1', '7', 'Host: x'];
  const more = ['Transfer-Encoding: chunked', 'Expect: 100-continue', 'Upgrade: h2c', 'Connection: upgrade', '%', '\0', 'ffffffffff', 'CONNECT x:1', '*'];
  const requests = fc.array(fc.oneof(fc.constantFrom(...words, ...more), fc.string(), fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1'))), { maxLength: 30 });

  test('garbage never stops the server, and every connection is counted closed once', async () => {
    const before = world.work.closed.length;
    let dialled = 0;
    const { host, port } = world.double.login;
    await fc.assert(
      fc.asyncProperty(requests, fc.boolean(), async (parts, secure) => {
        const options = { host, port, localAddress: '127.0.0.9' };
        const socket = secure ? connectTls({ ...options, ca: world.double.roots['entra-root'], servername: 'localhost' }) : connectTcp(options);
        dialled += 1;
        socket.on('error', () => undefined);
        socket.resume();
        const closed = new Promise((resolve) => socket.once('close', resolve));
        socket.end(Buffer.from(parts.join(''), 'latin1'));
        await closed;
      }),
      { numRuns: 150 },
    );
    expect((await world.postToken(wellMade)).status).toBe(200);
    await world.until(() => world.work.closed.slice(before).filter((address) => address === '127.0.0.9').length === dialled);
    expect(world.work.open).toEqual(new Set());
  });

  test('a form of random fields is answered, and never with a token', async () => {
    const values = fc.oneof(fc.string(), fc.constantFrom(clientId, scope, 'client_credentials', mailbox));
    const names = fc.constantFrom('client_id', 'scope', 'grant_type', 'client_secret', '__proto__', 'x');
    await fc.assert(
      fc.asyncProperty(fc.dictionary(names, values), async (form) => {
        const { status } = await world.postToken(form);
        expect([400, 401]).toContain(status);
      }),
      { numRuns: 60 },
    );
  });
});
