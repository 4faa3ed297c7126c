import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withStepReference } from './step-reference.ts';

const page = join(import.meta.dirname, '../../../docs/scenarios.md');
writeFileSync(page, withStepReference(readFileSync(page, 'utf8')));
