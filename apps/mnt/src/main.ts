import { runNodeProcess } from '@isesim/node';
import { assumeMonitoring } from './mnt.ts';

await runNodeProcess({ mnt: assumeMonitoring });
