import { dayMs, durationRemedy, formatDuration, parseConnectionTimeout, parseDuration, parseInstant, secondMs } from '@isesim/domain';
import * as z from 'zod';
import { either, nearMisses } from './wording.ts';

/*
 * The kinds of field that a topology file is made of. Each carries as its message what to write instead; which field it
 * is and what was found there are added when the mistake is told. The title names the kind of value, in editors and in the
 * reference of fields.
 */

/** A map with these fields and no other. */
export function map<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? // One line for each key, in the order of issue.keys.
          (issue['keys'] as string[]).map((key) => knownInstead(key, known)).join('\n')
        : `write a map of ${either(known)}`,
  });
}

function knownInstead(key: string, known: readonly string[]): string {
  const meant = nearMisses(key, known);
  return meant.length > 0 ? `did you mean ${either(meant)}?` : `write one of ${known.join(', ')}, or leave it out`;
}

export function list<Item extends z.ZodType>(item: Item): z.ZodArray<Item> {
  return z.array(item, 'write a list');
}

export function choice<const Words extends readonly [string, ...string[]]>(words: Words): z.ZodEnum<z.util.ToEnum<Words[number]>> {
  return z.enum(words, { error: ({ input }) => `write ${either(words)}${didYouMean(input, words)}` });
}

/** One of several maps; the word in `field` says which. */
export function variants<Maps extends readonly [z.core.$ZodTypeDiscriminable, ...z.core.$ZodTypeDiscriminable[]]>(
  field: string,
  maps: Maps,
): z.ZodDiscriminatedUnion<Maps> {
  const words = maps.flatMap((each) => [...(each._zod.propValues[field] ?? [])]).map(String);
  return z.discriminatedUnion(field, maps, {
    error: ({ input }) => {
      if (typeof input !== 'object' || input === null) return `write a map with ${field}: ${either(words)}`;
      return `write ${either(words)}${didYouMean((input as Record<string, unknown>)[field], words)}`;
    },
  });
}

function didYouMean(word: unknown, known: readonly string[]): string {
  const meant = nearMisses(word, known);
  return meant.length > 0 ? `; did you mean ${either(meant)}?` : '';
}

export function text(pattern: RegExp, remedy: string): z.ZodString {
  return z.string(remedy).regex(pattern, remedy);
}

export function whole(min: number, max: number): z.ZodInt {
  const remedy = `write a whole number from ${min} to ${max}`;
  return z.int(remedy).min(min, remedy).max(max, remedy);
}

/** Above 0, at most 1. */
export const share = z.number('write a number above 0, at most 1').gt(0, 'write a number above 0, at most 1').max(1, 'write a number above 0, at most 1').meta({ title: 'number above 0, at most 1' });

export const flag = z.boolean('write true or false');

/** Lower case, digits, dashes: 1 to `max` characters. */
export function lowerCaseName(max: number): z.ZodString {
  return text(
    new RegExp(`^[a-z0-9]([a-z0-9-]{0,${max - 2}}[a-z0-9])?$`),
    `write lower case letters, digits and dashes, at most ${max}, with no dash at the ends`,
  ).meta({ title: `name in lower case, at most ${max} characters` });
}

// RFC 1035 §2.3.4
export const hostLabelLengthMax = 63;
export const hostNameLengthMax = 253;

export const hostLabel = lowerCaseName(hostLabelLengthMax);

export const hostName = text(
  new RegExp(`^(?=.{1,${hostNameLengthMax}}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$`),
  'write a host name in lower case, as smtp.office365.com',
).meta({ title: 'host name' });

// A name in DNS with letters in either case, and perhaps the dot that ends it; an IPv4 address has the same form.
const dnsLabel = '[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const hostRemedy = 'write a host name or an address, as smtp.office365.com';

/** A server, as it is typed on a page of ISE. */
export const host = z
  .union([text(new RegExp(`^(?=.{1,${hostNameLengthMax + 1}}$)${dnsLabel}(\\.${dnsLabel})*\\.?$`), hostRemedy), z.ipv6(hostRemedy)], hostRemedy)
  .meta({ title: 'host name or address' });

/** A name that people see. No control characters: it ends up in mail headers and logs. */
export const label = text(/^(?! )[^\u0000-\u001f\u007f-\u009f]{1,100}$/, 'write a name of 1 to 100 characters').meta({ title: 'text' });

export const mailAddress = text(
  /^(?=.{3,254}$)[^\s@<>"(),:;\\[\]\u0000-\u001f\u007f]+@[^\s@<>"(),:;\\[\]\u0000-\u001f\u007f]+$/,
  'write a mail address, as no-reply@contoso.onmicrosoft.com',
).meta({ title: 'mail address' });

export const guid = text(
  /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/,
  'write an id, as 7d8f0c1e-1111-4222-8333-444455556666',
).meta({ title: 'GUID' });

export const ipAddress = z.union([z.ipv4(), z.ipv6()], 'write an IP address, as 192.0.2.10').meta({ title: 'IP address' });

/** The value never appears in a message: see `secretFields`. */
export const secret = text(
  /^[^\u0000-\u001f\u007f]{1,4096}$/,
  'write the secret, or ${NAME} to take it from the environment',
).meta({ title: 'secret' });

const durationForm = /^\d{1,9}(\.\d{1,3})?[smhd]$/;

export function duration(minMs = 0, maxMs = Infinity): z.ZodString {
  const title = durationTitle(minMs, maxMs);
  const remedy = `write a ${title}${maxMs < Infinity ? '' : ', as 90s, 15m or 3d'}`;
  const fits = (written: string) => {
    const ms = parseDuration(written);
    return ms !== undefined && ms >= minMs && ms <= maxMs;
  };
  const instead = (written: string) => (maxMs < Infinity ? remedy : durationRemedy(written, remedy));
  return text(durationForm, remedy).refine(fits, { error: ({ input }) => instead(String(input)) }).meta({ title });
}

function durationTitle(minMs: number, maxMs: number): string {
  if (maxMs < Infinity) return `duration from ${formatDuration(minMs)} to ${formatDuration(maxMs)}`;
  return minMs > 0 ? 'duration above 0s' : 'duration';
}

/** Above zero. */
export const someTime = duration(1);

// No upper bound of ISE's is known: a day is ours.
const timeoutSecondsMax = dayMs / secondMs;
const timeoutRemedy = `write a number of seconds from 1 to ${timeoutSecondsMax}, or a duration, as 60s`;

function isConnectionTimeout(written: string): boolean {
  const ms = parseConnectionTimeout(written) ?? 0;
  return ms >= secondMs && ms <= dayMs;
}

/** A number of seconds, as in ISE's form, or a duration. */
export const connectionTimeout = z
  .union([z.int(timeoutRemedy).min(1, timeoutRemedy).max(timeoutSecondsMax, timeoutRemedy), text(/^\d{1,9}((\.\d{1,3})?[smhd])?$/, timeoutRemedy).refine(isConnectionTimeout, timeoutRemedy)], timeoutRemedy)
  .meta({ title: `number of seconds, or duration from ${formatDuration(secondMs)} to ${formatDuration(dayMs)}` });

const momentRemedy = 'write a date, as 2026-02-02 or 2026-02-02T05:00:00Z';
export const moment = text(/^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/, momentRemedy)
  .refine((written) => parseInstant(written) !== undefined, momentRemedy)
  .meta({ title: 'date' });
