import { durationSchema, instantSchema, Secret, Problem, type SmtpServerSettings } from '@isesim/domain';
import { z } from 'zod';
import { operation } from './operation.ts';

/** The fields of the SMTP Server page as they are typed; what is left out stays. */
const typedSchema = z.object({
  host: z.string().optional(),
  port: z.coerce.number().optional(),
  connectionTimeout: durationSchema.optional(),
  tls: z.enum(['true', 'false']).optional(),
  authentication: z.enum(['none', 'exchange-online-oauth']).optional(),
  emailAddress: z.string().optional(),
  clientId: z.string().optional(),
  tenantId: z.string().optional(),
  clientSecret: z.string().optional(),
  expiryDate: instantSchema.optional(),
});

/** The SMTP Server page of the primary PAN: what is saved, and the draft that `smtp save` would save. */
export const smtpShow = operation({
  takes: z.object({}),
  run: ({ deployment }) => deployment.ask(deployment.holderOf('primary PAN'), 'smtp-show', {}),
});

export const smtpSet = operation({
  takes: typedSchema,
  run: ({ deployment }, typed) => {
    const fields = fieldsOf(typed);
    if (Object.keys(fields).length > 0) return deployment.setSmtp(fields);
    throw new Problem('wrong input', 'smtp-set', 'no field was given', 'Give at least one, as in: isesim smtp set --connection-timeout 30s');
  },
});

export const smtpSave = operation({
  takes: z.object({}),
  run: ({ deployment }) => deployment.ask(deployment.holderOf('primary PAN'), 'smtp-save', {}),
});

function fieldsOf({ connectionTimeout, tls, authentication, emailAddress, clientId, tenantId, clientSecret, expiryDate, ...plain }: z.output<typeof typedSchema>): Partial<SmtpServerSettings> {
  const oauth = given({ emailAddress, clientId, tenantId, expiryDate, clientSecret: clientSecret === undefined ? undefined : new Secret(clientSecret) });
  return {
    ...given(plain),
    ...given({ connectionTimeoutMs: connectionTimeout, tls: tls === undefined ? undefined : tls === 'true' }),
    ...authenticationOf(authentication, oauth),
  } as Partial<SmtpServerSettings>;
}

function authenticationOf(type: 'none' | 'exchange-online-oauth' | undefined, oauth: object): object {
  if (type === 'none') return { authentication: { type } };
  // Fields of OAuth alone mean OAuth; the node fills in those that are not typed again.
  return type === undefined && Object.keys(oauth).length === 0 ? {} : { authentication: { type: 'exchange-online-oauth', ...oauth } };
}

function given(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
