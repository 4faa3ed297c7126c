import { parseConnectionTimeout, parseDuration, parseInstant, purposes, templates } from '@isesim/domain';
import { choice, connectionTimeout, duration, host, label, list, map, moment, whole } from '@isesim/topology/yaml';
import * as z from 'zod';

/*
 * The kinds of field that steps are made of. A scenario writes numbers and true or false as YAML has them, the command line
 * writes all as text. Each carries as its message what to write instead.
 */

export { choice, host, label, list, map };

export const words = z.string('write a text').meta({ title: 'text' });

/** The name of something that the topology has; scenarios are checked against it before they run. */
function nameOf(kind: NamedKind, title: string): z.ZodString {
  return z.string(`write the name of a ${title}`).meta({ title, names: kind });
}
export type NamedKind = 'node' | 'portal' | 'guestType' | 'sponsor';

export const node = nameOf('node', 'node');
export const portal = nameOf('portal', 'portal');
export const guestType = nameOf('guestType', 'guest type');
export const sponsor = nameOf('sponsor', 'sponsor');

export const purpose = choice(purposes);
export const template = choice(Object.keys(templates) as [string, ...string[]]);

/** A guest, whom a scenario can also call as the step did that made one: `guest: ana` after `as: ana`. */
export const guest = words.min(1, 'write a user name, a mail address or an id').describe("The guest: user name, mail address, id, or what `as` called one before");

/** Text in, milliseconds out. */
export const span = duration().transform((text) => parseDuration(text) ?? 0);

/** The same, or a number of seconds, as the SMTP Server page takes it. */
export const timeout = connectionTimeout.transform((written) => parseConnectionTimeout(written) ?? 0);

/** Text in, simulated instant out. */
export const instant = moment.transform((text) => parseInstant(text) ?? 0);

export function number(min: number, max: number): z.ZodPipe<z.ZodTransform<unknown, unknown>, z.ZodInt> {
  return z.preprocess((value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value), whole(min, max)) as never;
}

/** A list, or on the command line its words with commas between them. */
function listed<Item extends z.ZodType>(item: Item, title: string): z.ZodType<z.output<Item>[], string | readonly z.input<Item>[]> {
  return z.preprocess((value) => (typeof value === 'string' ? value.split(',').map((each) => each.trim()).filter((each) => each !== '') : value), list(item)).meta({ title }) as never;
}

export const names = listed(words, 'names');
export const hosts = listed(host, 'host names');

export function numbers(min: number, max: number): z.ZodType<number[], string | readonly unknown[]> {
  return listed(number(min, max), 'numbers') as never;
}

export function choices<const Words extends readonly [string, ...string[]]>(known: Words): z.ZodType<Words[number][], string | readonly Words[number][]> {
  return listed(choice(known), 'words') as never;
}

const shareRemedy = 'write a number above 0, at most 1';

/** A part of the whole, or all of it. */
export const share = z
  .preprocess((value) => (typeof value === 'string' && /^\d*\.?\d+$/.test(value) ? Number(value) : value), z.number(shareRemedy).gt(0, shareRemedy).max(1, shareRemedy))
  .meta({ title: 'number above 0, at most 1' });

const yes = 'write true or false';
export const yesOrNo = z.union([z.boolean(), z.literal('true').transform(() => true), z.literal('false').transform(() => false)], yes).meta({ title: '`true` or `false`' });
