import { z } from 'zod';
import { topologyFileSchema } from './topology-file.ts';

/** The format of a topology file as JSON Schema, for editors: draft 7, which their YAML extensions know best. */
export function topologyJsonSchema(): string {
  const schema = z.toJSONSchema(topologyFileSchema, { io: 'input', target: 'draft-7', override: allowVariables });
  return `${JSON.stringify({ title: 'isesim topology', ...schema }, null, 2)}\n`;
}

const orVariable = '|\\$\\{[A-Za-z_]';

/** A text may hold ${NAME}, which an editor cannot fill in. Called more than once for a field with a default. */
function allowVariables({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  const { pattern } = jsonSchema;
  if (pattern !== undefined && !pattern.endsWith(orVariable)) jsonSchema.pattern = pattern + orVariable;
  delete jsonSchema.format;
}
