import { runNodeProcess } from '@isesim/node';
import { assumeAll } from './personas.ts';

// A node of several personas, as one process.
await runNodeProcess(assumeAll);
