import {
  dayMs,
  exchangeLimits,
  Secret,
  startOfDay,
  type Application,
  type Instant,
  type Mailbox,
  type OAuthSettings,
  type SmtpServerSettings,
  type Tenant,
} from '@isesim/domain';
import { instantOf, msOf, timeoutMsOf } from './checked-text.ts';
import { contoso, exchangeOnline, iseSmtpServer, secretLifetimeDays } from './defaults.ts';
import { guid } from './field-types.ts';
import { mailboxLimitsOf } from './mailbox-limits.ts';
import type { TopologyFile } from './topology-file.ts';

/*
 * ISE's SMTP server settings and the Microsoft 365 tenant. Either can be left out, and then fits the other: everything in
 * order.
 */

type FileTenant = NonNullable<TopologyFile['microsoft365']>;
type FileMailbox = NonNullable<FileTenant['mailboxes']>[number];
type FileApplication = NonNullable<FileTenant['applications']>[number];

export function smtpServerOf({ smtpServer, microsoft365 }: TopologyFile, startTime: Instant): SmtpServerSettings {
  if (!smtpServer) return exchangeFor(microsoft365, startTime);
  const { host, port, connectionTimeout, tls, authentication } = smtpServer;
  return { host, port, connectionTimeoutMs: timeoutMsOf(connectionTimeout), tls, authentication: authenticationOf(authentication) };
}

function authenticationOf(given: NonNullable<TopologyFile['smtpServer']>['authentication']): SmtpServerSettings['authentication'] {
  switch (given.type) {
    case 'none':
      return given;
    case 'password':
      return { ...given, password: new Secret(given.password) };
    case 'exchange-online-oauth': {
      const { expiryDate, clientSecret, ...ids } = given;
      return {
        ...ids,
        clientSecret: new Secret(clientSecret),
        ...(expiryDate !== undefined && { expiryDate: instantOf(expiryDate) }),
      };
    }
  }
}

function exchangeFor(tenant: FileTenant | undefined, startTime: Instant): SmtpServerSettings {
  const application = tenant?.applications?.[0];
  const secret = application?.secrets[0];
  return {
    ...exchangeOnline,
    connectionTimeoutMs: msOf(iseSmtpServer.connectionTimeout),
    tls: true,
    authentication: {
      type: 'exchange-online-oauth',
      emailAddress: tenant?.mailboxes?.[0]?.address ?? `${contoso.mailboxName}@${tenant?.domain ?? contoso.domain}`,
      clientId: application?.clientId ?? contoso.application.clientId,
      tenantId: tenant?.tenantId ?? contoso.tenantId,
      clientSecret: new Secret(secret?.value ?? contoso.clientSecret),
      expiryDate: instantOf(secret?.expires) ?? secretExpiry(startTime),
    },
  };
}

export function tenantOf(given: FileTenant | undefined, smtpServer: SmtpServerSettings, startTime: Instant): Tenant {
  const { authentication } = smtpServer;
  const oauth = authentication.type === 'exchange-online-oauth' ? authentication : undefined;
  const login = loginOf(authentication);
  const domain = given?.domain ?? login?.address.split('@')[1]?.toLowerCase() ?? contoso.domain;
  const applications = given?.applications?.map((each) => applicationOf(each, startTime)) ?? [applicationFor(oauth, startTime)];
  const usual = mailboxOf({ address: `${contoso.mailboxName}@${domain}`, authenticatedSmtp: true }, applications);
  return {
    tenantId: given?.tenantId ?? tenantIdFor(oauth),
    domain,
    mailboxes: given?.mailboxes?.map((each) => mailboxOf(each, applications)) ?? [{ ...usual, ...login }],
    applications,
    servicePrincipals:
      given?.servicePrincipals ?? applications.map(({ clientId, enterpriseObjectId }) => ({ appId: clientId, objectId: enterpriseObjectId })),
    ...(given && { smtpClientAuthenticationDisabled: given.smtpClientAuthenticationDisabled, propagationMs: msOf(given.propagation) }),
    ...(given?.basicAuthenticationEnds !== undefined && { basicAuthenticationEnds: instantOf(given.basicAuthenticationEnds) }),
    latency: latencyOf(given?.latency),
    limits: given ? mailboxLimitsOf(given.limits) : exchangeLimits,
  };
}

function applicationOf({ secrets, ...given }: FileApplication, startTime: Instant): Application {
  return {
    ...given,
    secrets: secrets.map(({ value, expires, keyId }) => ({
      value: new Secret(value),
      expires: instantOf(expires) ?? secretExpiry(startTime),
      ...(keyId !== undefined && { keyId }),
    })),
  };
}

function applicationFor(oauth: OAuthSettings | undefined, startTime: Instant): Application {
  return {
    ...contoso.application,
    clientId: oauth?.clientId ?? contoso.application.clientId,
    secrets: [
      {
        value: oauth?.clientSecret ?? new Secret(contoso.clientSecret),
        expires: oauth?.expiryDate ?? secretExpiry(startTime),
      },
    ],
    permissions: ['SMTP.SendAsApp'],
    adminConsent: true,
  };
}

// Entra also takes a domain where the tenant id belongs, and so may the settings page; a tenant's own id is a GUID.
function tenantIdFor(oauth: OAuthSettings | undefined): string {
  return oauth && guid.safeParse(oauth.tenantId).success ? oauth.tenantId : contoso.tenantId;
}

/** Whom ISE authenticates as. The user name for another mail server than Exchange Online may be no address. */
function loginOf(authentication: SmtpServerSettings['authentication']): Pick<Mailbox, 'address' | 'password'> | undefined {
  switch (authentication.type) {
    case 'none':
      return undefined;
    case 'exchange-online-oauth':
      return { address: authentication.emailAddress };
    case 'password':
      return authentication.username.includes('@') ? { address: authentication.username, password: authentication.password } : undefined;
  }
}

function mailboxOf(given: FileMailbox, applications: readonly Application[]): Mailbox {
  const full = applications.map(({ name }) => ({ servicePrincipal: name, rights: 'FullAccess' }));
  const { permissions = full, condition, password, ...rest } = given;
  const sendAs = permissions.filter(({ rights }) => rights === 'SendAs').map(({ servicePrincipal }) => servicePrincipal);
  return {
    ...rest,
    permissions: permissions.filter(({ rights }) => rights !== 'SendAs'),
    ...(sendAs.length > 0 && { sendAs }),
    ...(condition && { condition }),
    ...(password !== undefined && { password: new Secret(password) }),
  };
}

function latencyOf(given: FileTenant['latency'] = { token: '0s', connect: '0s', submit: '0s', refusal: '0s' }): Tenant['latency'] {
  return { tokenMs: msOf(given.token), connectMs: msOf(given.connect), submitMs: msOf(given.submit), refusalMs: msOf(given.refusal) };
}

function secretExpiry(startTime: Instant): Instant {
  return startOfDay(startTime) + secretLifetimeDays * dayMs;
}
