import type { JWTPayload } from 'jose';
import { beforeAll, expect, test } from 'vitest';
import { accessTokenClaims, signAccessToken } from '../entra/access-token.ts';
import { signingKeyOnce, type SigningKey } from '../entra/signing-key.ts';
import { clientId, enterpriseObjectId, mailbox, startTime, TestWorld, wellMadeTenant, xoauth2 } from '../test-world.ts';
import { authenticate } from './authenticate.ts';

const tenant = wellMadeTenant();
const { random } = new TestWorld().options;
let key: SigningKey;
let genuine: JWTPayload;

beforeAll(async () => {
  key = await signingKeyOnce()();
  const application = tenant.applications[0] ?? expect.unreachable();
  const resource = { audience: 'https://outlook.office365.com', api: 'Exchange Online' as const };
  genuine = accessTokenClaims({ application, resource }, tenant, startTime, random, 'test');
});

async function judge(claims: JWTPayload): Promise<unknown> {
  return authenticate(xoauth2(mailbox, await signAccessToken(claims, key)), tenant, key, startTime);
}

test('a genuine token names who submits', async () => {
  expect(await judge(genuine)).toEqual({ clientId, mailbox, servicePrincipal: { appId: clientId, objectId: enterpriseObjectId } });
});

test.each<[what: string, claims: JWTPayload]>([
  ['another issuer', { iss: 'https://sts.windows.net/99999999-aaaa-4bbb-8ccc-ddddeeeeffff/' }],
  ['the issuer of version 2.0', { iss: `https://login.microsoftonline.com/${tenant.tenantId}/v2.0` }],
  ['another tenant', { tid: '99999999-aaaa-4bbb-8ccc-ddddeeeeffff' }],
  ['several audiences', { aud: ['https://outlook.office.com', 'https://graph.microsoft.com'] }],
  ['a role of another name', { roles: ['smtp.sendasapp'] }],
  ['roles that are no list', { roles: 'SMTP.SendAsApp' }],
  ['an application of another id', { appid: enterpriseObjectId }],
  ['an end that is no number', { exp: 'never' as never }],
])('our own key does not help a token with %s', async (_, claims) => {
  expect(await judge({ ...genuine, ...claims })).toBe('unauthenticated');
});

test.each(['exp', 'nbf', 'aud', 'iss', 'tid', 'appid', 'oid', 'roles'])('nor one without %s', async (name) => {
  expect(await judge(Object.fromEntries(Object.entries(genuine).filter(([each]) => each !== name)))).toBe('unauthenticated');
});
