import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withFieldReference } from './field-reference.ts';

const page = join(import.meta.dirname, '../../../docs/topology.md');
writeFileSync(page, withFieldReference(readFileSync(page, 'utf8')));
