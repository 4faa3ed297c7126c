import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scenarioJsonSchema } from './json-schema.ts';

writeFileSync(join(import.meta.dirname, '../scenario.schema.json'), scenarioJsonSchema());
