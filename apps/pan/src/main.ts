import { runNodeProcess } from '@isesim/node';
import { assumeAdministration } from './pan.ts';

await runNodeProcess({ pan: assumeAdministration });
