import * as z from 'zod';
import { kindOf } from './named-kinds.ts';
import { isAction, allSteps } from './steps.ts';
import type { Action } from './step.ts';

/** A verb of the command line as its client needs it, without the code behind it. */
export interface VerbDescription {
  readonly verb: string;
  readonly does: string;
  readonly examples: readonly [string, ...string[]];
  /** The argument that stands for the one obvious field. */
  readonly argument?: string;
  readonly flags: readonly FlagDescription[];
}

export interface FlagDescription {
  readonly field: string;
  /** `duration`, `node` … */
  readonly kind: string;
  readonly describes: string;
  readonly required?: true;
  readonly choices?: readonly string[];
  /** The variable of the environment that brings a secret; there is a flag for a file that holds it, and none for the secret. */
  readonly secret?: string;
  /** The fields beside which that variable counts; it counts alone, too. */
  readonly beside?: readonly string[];
}

/** Every verb that is a step, in the order of the steps. */
export function verbDescriptions(): VerbDescription[] {
  return allSteps.flatMap(([, step]) => (isAction(step) ? [descriptionOf(step)] : []));
}

function descriptionOf({ verb, does, examples, bare, fields }: Action): VerbDescription {
  const { properties = {}, required = [] } = z.toJSONSchema(fields, { io: 'input', unrepresentable: 'any' }) as { properties?: Record<string, Property>; required?: string[] };
  const flags = Object.entries(properties).map(([field, property]) => ({
    ...flagOf(field, property, fields.shape[field] as z.ZodType),
    ...(required.includes(field) && { required: true as const }),
  }));
  return { verb, does, examples, ...(bare && { argument: bare.name }), flags };
}

interface Property {
  readonly title?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly secret?: string;
  readonly beside?: readonly string[];
  readonly default?: unknown;
}

function flagOf(field: string, { title, description = '', enum: choices, secret, beside, default: fallback }: Property, type: z.ZodType): FlagDescription {
  const kind = choices ? 'word' : (kindOf(type) ?? title ?? 'value').split(/[ ,]/)[0] ?? 'value';
  const ending = typeof fallback === 'string' && fallback !== '' ? `. Default: ${fallback}` : '';
  return { field, kind: kind.replaceAll('`', ''), describes: `${description}${ending}`, ...(choices && { choices }), ...(secret !== undefined && { secret }), ...(beside && { beside }) };
}
