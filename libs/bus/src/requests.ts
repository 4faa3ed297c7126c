import { backupContentSchema, certificateRoles, connectionTestSchema, guestSchema, logComponents, logLevels, outcomeSchema, proxySchema, secretAlarmDaysMax, severities, standingFaultsSchema } from '@isesim/domain';
import * as z from 'zod';


// Cisco's form takes 256 characters; a control character has no place in a name, a header or a log line.
const formText = z
  .string()
  .max(256, 'is longer than 256 characters')
  .regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'contains a line break or another control character');

// The characters that end an address in a header or an SMTP command are refused rather than quoted.
const guestAddress = formText.regex(/^[^\s@<>"(),:;\\[\]]+@[^\s@<>"(),:;\\[\]]+$/, { error: ({ input }) => `"${String(input)}" is not a mail address` });

/** What a person fills in at a portal. */
const guestFormSchema = z.object({
  portal: formText,
  email: guestAddress,
  firstName: formText.optional(),
  lastName: formText.optional(),
  type: formText.optional(),
  /** Milliseconds; the guest type's longest when left out. */
  validForMs: z.number().positive().optional(),
  /** Sponsor's user name; for sponsor portals. */
  sponsor: formText.optional(),
});

/** `mailed`: whether the guest gets mail of it, or email notifications to guests are off. */
const guestToldSchema = z.object({ guest: guestSchema, mailed: z.boolean() });

const done = z.object({});

// An own limit: a script that administers a tenant is a page or two.
const commandLengthMax = 100_000;

/** Fields of the SMTP Server page that are to change; `authentication` has its secrets sealed. */
const smtpChangeSchema = z.object({
  host: formText.min(1, 'is empty').optional(),
  port: z.number().int().min(1).max(65_535).optional(),
  connectionTimeoutMs: z.number().positive('is not above 0').optional(),
  tls: z.boolean().optional(),
  authentication: z.unknown().optional(),
});

/** The page as shown: secrets masked. */
const smtpPageSchema = z.object({
  saved: z.unknown(),
  draft: z.unknown(),
  revision: z.number(),
  /** Whether the draft can be saved, and if not, what it lacks. */
  state: z.enum(['saved', 'to be saved', 'to be tested', 'tested', 'test failed']),
  /** What the last Test Connection of this very draft showed. */
  message: z.string().optional(),
});

/** A page whose change is one revision. */
const revisionSchema = z.object({ revision: z.number() });
const connectionTestAsked = z.object({ trace: z.boolean().optional() });
// An own limit; a certificate has two kilobytes.
const pemLengthMax = 100_000;

const alarmNotificationChange = z.object({
  from: formText,
  additionalRecipients: z.array(formText),
  clientSecretDays: z.array(z.number().int().min(1).max(secretAlarmDaysMax)),
  clientSecretDaily: z.boolean(),
});

/** Every verb that one agent asks of another, with what it takes and what it answers. */
export const requests = {
  /** deployment → primary PAN, before `install`: accounts that are there from the start, as many as a message carries. */
  'install-accounts': { takes: z.object({ accounts: z.array(z.unknown()) }), answers: done },
  /** deployment → primary PAN: the first configuration, by page, with its secrets sealed. */
  install: { takes: z.object({ pages: z.record(z.string(), z.unknown()) }), answers: z.object({ revision: z.number() }) },
  /** A person at a portal of a PSN. */
  'create-guest': { takes: guestFormSchema, answers: guestToldSchema },
  'self-register': { takes: guestFormSchema, answers: guestToldSchema },
  /** A sponsor, at a PSN: the guest is called by user name, mail address or id. */
  'resend-credentials': {
    takes: z.object({ guest: formText.min(1, 'is empty'), copyMe: z.boolean(), summary: z.boolean(), sponsorEmail: guestAddress.optional() }),
    answers: z.object({ guest: guestSchema, to: z.array(z.string()) }),
  },
  'reset-guest-password': { takes: z.object({ guest: formText.min(1, 'is empty') }), answers: guestToldSchema },
  /** PSN → primary PAN: a new password for the guest with this id. */
  'write-guest-password': { takes: z.object({ id: formText }), answers: z.object({ guest: guestSchema }) },
  /** PSN → primary PAN: portals write their accounts there. */
  'write-guest': { takes: guestFormSchema.extend({ psn: z.string() }), answers: z.object({ guest: guestSchema }) },
  'raise-alarm': {
    takes: z.object({ name: formText.min(1, 'is empty'), severity: z.enum(severities), details: formText }),
    answers: z.object({ id: z.string() }),
  },
  'send-test-mail': {
    takes: z.object({ portal: formText, to: guestAddress }),
    answers: z.object({ notificationId: z.string() }),
  },
  /** The SMTP Server page of the primary PAN: `set` edits a draft, `save` makes it a revision. */
  'smtp-show': { takes: done, answers: smtpPageSchema },
  'smtp-set': { takes: smtpChangeSchema, answers: smtpPageSchema },
  'smtp-save': { takes: done, answers: smtpPageSchema },
  /** Test Connection of the draft, on the primary PAN; and a probe of ours with the settings that a node holds, on any. */
  'smtp-test': { takes: connectionTestAsked, answers: connectionTestSchema },
  'smtp-probe': { takes: connectionTestAsked, answers: connectionTestSchema },
  /** The Proxy page of the primary PAN; `null`: no proxy. */
  'proxy-set': { takes: z.object({ proxy: proxySchema.nullable() }), answers: revisionSchema },
  /** The Trusted Certificates page: one that is there already gets other roles. */
  'trusted-certificate-import': {
    takes: z.object({ name: formText.min(1, 'is empty'), pem: z.string().max(pemLengthMax), roles: z.array(z.enum(certificateRoles)) }),
    answers: revisionSchema,
  },
  'trusted-certificate-remove': { takes: z.object({ name: formText.min(1, 'is empty') }), answers: revisionSchema },
  /** Pages of the primary PAN that are a revision as soon as they are changed; what is left out stays. */
  'set-page': {
    takes: z.discriminatedUnion('page', [
      z.object({ page: z.literal('guest-email'), change: z.object({ enabled: z.boolean(), from: formText, useSponsorAddress: z.boolean() }).partial() }),
      z.object({ page: z.literal('alarm-notification'), change: alarmNotificationChange.partial() }),
      z.object({ page: z.literal('password-policy'), change: z.object({ reminders: z.enum(['once', 'daily']), /** Empty: none of its own. */ from: formText }).partial() }),
      z.object({ page: z.literal('log-levels'), change: z.object({ node: formText, component: z.enum(logComponents), level: z.enum(logLevels) }) }),
    ]),
    answers: z.object({ value: z.unknown(), revision: z.number() }),
  },
  /** A person, at the secondary PAN. */
  promote: { takes: done, answers: z.object({ epoch: z.number() }) },
  /** Configuration and accounts of the primary PAN, without the SMTP server settings and without any secret; and back. */
  backup: { takes: done, answers: backupContentSchema },
  restore: { takes: backupContentSchema, answers: z.object({ revision: z.number(), newPasswords: z.array(z.string()) }) },
  /** The settings that a node holds, secrets masked. */
  'show-settings': { takes: done, answers: z.object({ revision: z.number(), pages: z.record(z.string(), z.unknown()) }) },
  /** How often a node has tried each mail that it owes since its start, and how the last try ended. */
  'show-attempts': { takes: done, answers: z.object({ attempts: z.array(z.object({ notificationId: z.string(), count: z.number(), at: z.number(), outcome: outcomeSchema })) }) },
  /** deployment → node or double: all faults that stand for it now, in place of those that stood. */
  'set-faults': { takes: standingFaultsSchema, answers: done },
  /** A person's PowerShell to the double: one cmdlet, a script, or the line of a prompt, whose session has a name. */
  m365: {
    takes: z.object({
      command: z.string().max(commandLengthMax, `is longer than ${commandLengthMax} characters`),
      session: formText.min(1, 'is empty').optional(),
      /** Begins with both services connected; so where no session is named. */
      connected: z.boolean().optional(),
    }),
    answers: z.object({
      /** As PowerShell prints it, and the same as data. */
      output: z.string(),
      objects: z.array(z.unknown()),
      /** What ended the script; of a prompt's line the code `incomplete` asks for the next one. */
      error: z.object({ code: z.string(), message: z.string(), remedy: z.string() }).optional(),
    }),
  },
  ping: { takes: done, answers: z.object({ open: z.array(z.object({ what: z.string(), since: z.number() })) }) },
} as const;

export type Verb = keyof typeof requests;
export type Takes<V extends Verb> = z.infer<(typeof requests)[V]['takes']>;
export type Answers<V extends Verb> = z.infer<(typeof requests)[V]['answers']>;
