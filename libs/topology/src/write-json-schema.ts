import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { topologyJsonSchema } from './json-schema.ts';

writeFileSync(join(import.meta.dirname, '../../../topology/topology.schema.json'), topologyJsonSchema());
