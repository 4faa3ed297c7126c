import * as z from 'zod';
import { deploymentNodeSchema } from './boot.ts';
import type { Instant } from './instant.ts';
import { logComponents, logLevels } from './log-level.ts';
import { Secret } from './secret.ts';

/**
 * The configuration: all that the primary PAN writes and replicates, one page per settings page of ISE.
 * Instants are milliseconds UTC, durations milliseconds.
 */

const mailAddress = z.string().regex(/^[^\s@<>"(),:;\\[\]]+@[^\s@<>"(),:;\\[\]]+$/, 'is not a mail address');
const secret = z.instanceof(Secret);

export const oauthSettingsSchema = z.object({
  type: z.literal('exchange-online-oauth'),
  emailAddress: mailAddress,
  clientId: z.string(),
  tenantId: z.string(),
  clientSecret: secret,
  /** Typed by the administrator; drives the two secret alarms, not Entra's own date. */
  expiryDate: z.number().optional(),
});

/**
 * When it is told that the client secret is about to expire: so many days before its Expiry Date, and daily from the last of them
 * on. Not documented: by analogy with ISE's certificate alarms, as remembered of them.
 */
export const secretAlarmDefaults = { days: [90, 60, 30], daily: true } as const;
export const secretAlarmDaysMax = 3650;

/** ISE's Proxy page. */
export const proxySchema = z.object({
  host: z.string(),
  port: z.number(),
  /** Hosts that are reached without it; the name of a domain stands for all hosts below it. */
  bypass: z.array(z.string()),
});
export type ProxySettings = z.infer<typeof proxySchema>;

/** What a trusted certificate is trusted for; `infrastructure` is ISE's "Trust for authentication within ISE". */
export const certificateRoles = ['infrastructure', 'endpoints', 'admin-auth', 'cisco-services'] as const;
export type CertificateRole = (typeof certificateRoles)[number];

/** The certificates that can be imported: the roots of the two chains at Microsoft. */
export const importableCertificates = ['entra-root', 'exchange-root'] as const;
export type ImportableCertificate = (typeof importableCertificates)[number];

export const smtpServerSchema = z.object({
  host: z.string(),
  port: z.number(),
  connectionTimeoutMs: z.number(),
  tls: z.boolean(),
  authentication: z.discriminatedUnion('type', [
    z.object({ type: z.literal('none') }),
    z.object({ type: z.literal('password'), username: z.string(), password: secret }),
    oauthSettingsSchema,
  ]),
});

export const pageSchemas = {
  deployment: z.object({
    domain: z.string(),
    iseVersion: z.string(),
    nodes: z.array(deploymentNodeSchema),
  }),
  'smtp-server': smtpServerSchema,
  'trusted-certificates': z.object({
    certificates: z.array(z.object({ name: z.string(), pem: z.string(), roles: z.array(z.string()) })),
  }),
  proxy: z.object({ proxy: proxySchema.nullable() }),
  'alarm-notification': z.object({
    from: mailAddress,
    additionalRecipients: z.array(mailAddress),
    clientSecretDays: z.array(z.number()).default([...secretAlarmDefaults.days]),
    clientSecretDaily: z.boolean().default(secretAlarmDefaults.daily),
  }),
  'guest-email': z.object({ enabled: z.boolean(), from: mailAddress, useSponsorAddress: z.boolean() }),
  'password-policy': z.object({
    administrators: z.object({ lifetimeDays: z.number(), reminderDays: z.number() }),
    internalUsers: z.object({ lifetimeDays: z.number(), reminderDays: z.number() }),
    reminders: z.enum(['once', 'daily']),
    /** What reminders are from; the default From address of guest mail where there is none. */
    from: mailAddress.optional(),
  }),
  administrators: z.object({
    administrators: z.array(
      z.object({ name: z.string(), email: z.string(), systemAlarmsInEmail: z.boolean(), passwordChanged: z.number() }),
    ),
  }),
  sponsors: z.object({ sponsors: z.array(z.object({ name: z.string(), email: z.string(), group: z.string() })) }),
  'guest-types': z.object({
    guestTypes: z.array(
      z.object({
        name: z.string(),
        maxDays: z.number(),
        expiryNotice: z.object({ enabled: z.boolean(), beforeMs: z.number() }),
      }),
    ),
  }),
  portals: z.object({
    portals: z.array(
      z.object({ name: z.string(), type: z.enum(['self-registration', 'sponsor']), requireApproval: z.boolean() }),
    ),
  }),
  /** Debug Log Configuration: what differs from the default. */
  'log-levels': z.object({
    levels: z.array(z.object({ node: z.string(), component: z.enum(logComponents), level: z.enum(logLevels) })),
  }),
} as const;

export type PageName = keyof typeof pageSchemas;
export type Page<Name extends PageName = PageName> = z.infer<(typeof pageSchemas)[Name]>;
export const pageNames = Object.keys(pageSchemas) as PageName[];

/** Pages that a node can be without: then the SMTP server is not configured, and every log level is the default. */
export const pagesThatMayLack = ['smtp-server', 'log-levels'] as const satisfies readonly PageName[];
export type PageThatMayLack = (typeof pagesThatMayLack)[number];

export type SmtpServerSettings = Page<'smtp-server'>;
export type TrustedCertificate = Page<'trusted-certificates'>['certificates'][number];
export type OAuthSettings = z.infer<typeof oauthSettingsSchema>;
export type GuestType = Page<'guest-types'>['guestTypes'][number];
export type Portal = Page<'portals'>['portals'][number];
export type Administrator = Page<'administrators'>['administrators'][number];

/** The configuration as one node holds it at a moment. Pages appear as they are replicated. */
export interface HeldConfiguration {
  /** Sequence of the last configuration write that this node has applied; 0 when it holds none. */
  readonly revision: number;
  /** Counts promotions; a write made under an earlier epoch is dropped. */
  readonly epoch: number;
  readonly primaryPan: string | undefined;
  readonly pages: { readonly [Name in PageName]?: Page<Name> };
  /** Simulated instant at which each page was last written. */
  readonly writtenAt: { readonly [Name in PageName]?: Instant };
}

/** Where a deployment gets its token and what for: filled in by ISE from the tenant id. */
export const oauthTokenEndpointHost = 'login.microsoftonline.com';
export const oauthScope = 'https://outlook.office.com/.default';

/** "OAuth Token Endpoint API" of the page. */
export function oauthTokenEndpoint(tenantId: string): string {
  return `https://${oauthTokenEndpointHost}/${tenantId}/oauth2/v2.0/token`;
}
