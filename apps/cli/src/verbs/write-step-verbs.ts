import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stepVerbsText } from './step-verbs-text.ts';

writeFileSync(join(import.meta.dirname, 'step-verbs.generated.ts'), stepVerbsText());
