import type { JsonSchema } from '@isesim/topology/yaml';
import * as z from 'zod';
import { map } from './fields.ts';
import { isAction } from './steps.ts';
import type { Step } from './step.ts';

/** The fields of a step as JSON Schema, each with its description; `as` is not among them. */
export function fieldsSchema({ fields, folded = {} }: Step): JsonSchema {
  const schema = plainSchema(fields);
  const maps = Object.entries(plainSchema(map(folded)).properties ?? {}).map(([field, other]) => [field, orOther(schema.properties?.[field], other)]);
  return { ...schema, properties: { ...schema.properties, ...Object.fromEntries(maps) } as NonNullable<JsonSchema['properties']> };
}

/** All that may stand behind the name of a step: a map of its fields, the one obvious field alone, or nothing. */
export function writtenSchema(step: Step): JsonSchema {
  const { properties = {}, ...rest } = fieldsSchema(step);
  const fields = { ...rest, properties: { ...orNames(properties), ...asSchema(step) } };
  const kinds = [fields, ...bareSchema(step, properties), ...(isComplete(step) ? [{ type: 'null' }] : [])];
  return { description: capital(step.does), ...(kinds.length === 1 ? fields : { anyOf: kinds }) } as JsonSchema;
}

/** It can be written without a field. */
export function isComplete({ fields }: Step): boolean {
  return fields.safeParse({}).success;
}

/** A text with a name in it, described once. */
const namedText = { $ref: '#/definitions/named' };

/** What is written for `type`, without what only this program makes use of. */
export function plainSchema(type: z.ZodType): JsonSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(type, { io: 'input', target: 'draft-7', override: withoutMarks }) as JsonSchema;
  return schema;
}

function withoutMarks({ jsonSchema }: { jsonSchema: JsonSchema }): void {
  delete jsonSchema['names'];
  delete jsonSchema['secret'];
  delete jsonSchema['beside'];
}

type Property = NonNullable<JsonSchema['properties']>[string];

function orOther(one: Property | undefined, other: Property): Property {
  const { description, ...kind } = one as JsonSchema;
  return { description, anyOf: [kind, other] } as JsonSchema;
}

function asSchema(step: Step): Record<string, JsonSchema> {
  return isAction(step) && step.named ? { as: { description: 'How later steps call what it makes: ana, for ${ana.email}', type: 'string', pattern: '^(?!(env|tenant)$)[A-Za-z_][\\w-]*$' } } : {};
}

/** The one obvious field; where that can be one of several, any text. */
function bareSchema({ bare }: Step, properties: NonNullable<JsonSchema['properties']>): unknown[] {
  return bare ? [orNames({ bare: properties[bare.name] ?? { type: 'string' } })['bare']] : [];
}

/** Any text may hold a name instead of what it is to be, or around it. */
function orNames(properties: NonNullable<JsonSchema['properties']>): NonNullable<JsonSchema['properties']> {
  return Object.fromEntries(Object.entries(properties).map(([field, schema]) => [field, orName(schema as JsonSchema)]));
}

function orName(schema: JsonSchema): JsonSchema {
  const { description, title, default: fallback, ...kind } = schema;
  if (kind.type === 'string' && kind.pattern === undefined && kind.enum === undefined) return schema;
  const items = kind.items === undefined ? {} : { items: orName(kind.items as JsonSchema) };
  const properties = kind.properties === undefined ? {} : { properties: orNames(kind.properties) };
  const around = { ...(title !== undefined && { title }), ...(description !== undefined && { description }), ...(fallback !== undefined && { default: fallback }) };
  if (kind.type === 'array' || kind.type === 'object') return { ...around, ...kind, ...items, ...properties };
  return { ...around, anyOf: [...(kind.anyOf?.map((each) => orNameWithin(each as JsonSchema)) ?? [kind]), namedText] } as JsonSchema;
}

function orNameWithin(schema: JsonSchema): JsonSchema {
  return schema.type === 'object' ? orName(schema) : schema;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
