import type * as z from 'zod';
import { wordsTaken } from './not-supported-yet.ts';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** A field of the format, as its JSON Schema describes it. */
export interface Field {
  /** As `nodes[].name`. */
  readonly path: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
  /** False when its behaviour does not exist yet, so that it must be left out. */
  readonly supported: boolean;
  /** The kind of map that has it, where a map can be of several kinds. */
  readonly kind?: Kind;
}

/** The kinds of map that have one of `words` in the field `by`, out of `all`. */
export interface Kind {
  readonly by: string;
  readonly words: readonly string[];
  readonly all: readonly string[];
}

type Place = Pick<Field, 'supported' | 'kind'>;

/** Every field in `schema`, maps before what is in them; one that several kinds of map have comes once for each kind. */
export function fieldsOf(schema: JsonSchema, path = '', place: Place = { supported: true }): Field[] {
  const item = itemOf(schema);
  if (item) return fieldsOf(item, `${path}[]`, place);
  if (schema.oneOf) return fieldsOfKinds(schemasIn(schema.oneOf), path, place);
  if (schema.anyOf) return schemasIn(schema.anyOf).flatMap((each) => fieldsOf(each, path, place));
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
    schemasIn([child]).flatMap((each) => {
      const field = fieldAt(each, path === '' ? name : `${path}.${name}`, schema.required?.includes(name) ?? false, place);
      return [field, ...fieldsOf(each, field.path, { supported: place.supported && wordsTaken(field.path) === undefined })];
    }),
  );
}

function fieldAt(schema: JsonSchema, path: string, required: boolean, { supported, kind }: Place): Field {
  return { path, schema, required, supported: supported && wordsTaken(path)?.length !== 0, ...(kind && { kind }) };
}

function fieldsOfKinds(kinds: readonly JsonSchema[], path: string, { supported }: Place): Field[] {
  const by = Object.entries(kinds[0]?.properties ?? {}).find(([, each]) => wordsOf(each).length > 0)?.[0] ?? '';
  const all = kinds.flatMap((kind) => wordsOf(kind.properties?.[by]));
  const taken = wordsTaken(`${path}.${by}`) ?? all;
  return kinds.flatMap((kind) => {
    const words = wordsOf(kind.properties?.[by]);
    return fieldsOf(kind, path, { supported: supported && words.some((word) => taken.includes(word)), kind: { by, words, all } });
  });
}

/** The words that a field takes, if it takes words alone. */
export function wordsOf(schema: unknown): string[] {
  const { const: word, enum: words = [] } = schema as JsonSchema;
  return [...words, ...(word === undefined ? [] : [word])].map(String);
}

/** What a list is a list of. */
export function itemOf({ items }: JsonSchema): JsonSchema | undefined {
  return schemasIn([items])[0];
}

export function schemasIn(schemas: readonly unknown[]): JsonSchema[] {
  return schemas.filter((each): each is JsonSchema => typeof each === 'object' && each !== null);
}
