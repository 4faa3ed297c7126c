import * as z from 'zod';
import { fieldsOf, type Field, type JsonSchema } from './fields.ts';
import { wordsTaken } from './not-supported-yet.ts';
import { topologyFileSchema } from './topology-file.ts';
import { either } from './wording.ts';

/** The format of a topology file as JSON Schema, for editors. */
export function topologyJsonSchema(): string {
  const schema = jsonSchemaOfFormat();
  for (const field of fieldsOf(schema)) noteSupport(field);
  return `${JSON.stringify({ title: 'isesim topology', ...schema }, null, 2)}\n`;
}

/** Draft 7, which the YAML extensions of editors know best. */
export function jsonSchemaOfFormat(): JsonSchema {
  return z.toJSONSchema(topologyFileSchema, { io: 'input', target: 'draft-7', override: allowVariables });
}

/** What is to be said of a field that takes only some of its values yet. */
export function supportedSoFar(path: string): string | undefined {
  const words = wordsTaken(path);
  return words && words.length > 0 ? `Supported so far: ${either(words)}` : undefined;
}

function noteSupport({ schema, supported, path }: Field): void {
  const note = supported ? supportedSoFar(path) : 'Not supported yet';
  if (note !== undefined) schema.description = schema.description === undefined ? note : `${note}. ${schema.description}`;
}

const orVariable = '|\\$\\{[A-Za-z_]';

/** A text may hold ${NAME}, which an editor cannot fill in. Called more than once for a field with a default. */
function allowVariables({ jsonSchema }: { jsonSchema: JsonSchema }): void {
  const { pattern } = jsonSchema;
  if (pattern !== undefined && !pattern.endsWith(orVariable)) jsonSchema.pattern = pattern + orVariable;
  delete jsonSchema.format;
}
