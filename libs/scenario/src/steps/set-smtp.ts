import { Problem, Secret, type SmtpServerSettings } from '@isesim/domain';
import type * as z from 'zod';
import { choice, host, instant, label, map, number, timeout, words, yesOrNo } from '../fields.ts';
import { given } from '../given.ts';
import { smtpPageText } from '../smtp-page-text.ts';
import { action } from '../step.ts';

// What nobody has is no secret; which others are wrong, only Microsoft knows.
const secret = words.min(1, 'write the secret');

const kinds = ['none', 'password', 'exchange-online-oauth'] as const;

const credentials = {
  emailAddress: label.optional().describe('The mailbox that authenticates'),
  clientId: label.optional().describe('Application (client) ID'),
  tenantId: label.optional().describe('Directory (tenant) ID'),
  clientSecret: secret.optional().describe('Client secret').meta({ secret: 'ISESIM_CLIENT_SECRET', beside: ['authentication', 'emailAddress', 'clientId', 'tenantId', 'expiryDate'] }),
  expiryDate: instant.optional().describe("The secret's, as the administrator types it"),
  username: label.optional().describe('User name, for `password`'),
  password: secret.optional().describe('Password').meta({ secret: 'ISESIM_SMTP_PASSWORD', beside: ['authentication', 'username'] }),
};

const fields = map({
  host: host.optional().describe('SMTP server'),
  port: number(1, 65_535).optional().describe('SMTP port'),
  connectionTimeout: timeout.optional().describe('How long to wait for the server; a bare number counts seconds, as in ISE'),
  tls: yesOrNo.optional().describe('Use TLS/SSL encryption'),
  authentication: choice(kinds).optional().describe('How the node proves who it is; a map as in a topology says the same'),
  ...credentials,
});

/** What is left out stays as it is on the page. */
export const setSmtp = action({
  verb: 'smtp set',
  does: 'edit the draft of the SMTP Server page; once tested, where it has OAuth, "smtp save" makes it a revision that replicates',
  examples: [
    'isesim smtp set --connection-timeout 30s',
    'isesim smtp set --client-secret-file secret.txt    ("-" reads standard input)',
    'ISESIM_CLIENT_SECRET=… isesim smtp set',
  ],
  fields,
  unfold: unfolded,
  folded: { authentication: map({ type: fields.shape.authentication, ...credentials }) },
  run: ({ deployment }, typed) => {
    const changed = settingsOf(typed);
    if (Object.keys(changed).length > 0) return deployment.settings.setSmtp(changed);
    throw new Problem('wrong input', 'smtp-set', 'no field was given', 'Give at least one, as in: isesim smtp set --connection-timeout 30s');
  },
  says: smtpPageText,
});

/** `authentication: { type, … }`, as a topology has it, beside the other fields. */
function unfolded({ authentication, ...rest }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  if (typeof authentication !== 'object' || authentication === null) return { ...rest, ...given({ authentication }) };
  const { type, ...credentials } = authentication as Record<string, unknown>;
  return { ...rest, ...given({ authentication: type }), ...credentials };
}

function settingsOf({ connectionTimeout, authentication, emailAddress, clientId, tenantId, clientSecret, expiryDate, username, password, ...plain }: z.output<typeof fields>): Partial<SmtpServerSettings> {
  const oauth = given({ emailAddress, clientId, tenantId, expiryDate, clientSecret: clientSecret === undefined ? undefined : new Secret(clientSecret) });
  const login = given({ username, password: password === undefined ? undefined : new Secret(password) });
  return {
    ...given(plain),
    ...given({ connectionTimeoutMs: connectionTimeout }),
    ...authenticationOf(authentication, { password: login, 'exchange-online-oauth': oauth }),
  } as Partial<SmtpServerSettings>;
}

/** Fields of one kind alone mean that kind; the node fills in those that are not typed again. */
function authenticationOf(type: (typeof kinds)[number] | undefined, typed: Readonly<Record<'password' | 'exchange-online-oauth', object>>): object {
  if (type === 'none') return { authentication: { type } };
  const meant = type ?? (['exchange-online-oauth', 'password'] as const).find((kind) => Object.keys(typed[kind]).length > 0);
  return meant === undefined ? {} : { authentication: { type: meant, ...typed[meant] } };
}
