import { runNodeProcess } from '@isesim/node';
import { assumePolicyService } from './psn.ts';

await runNodeProcess({ psn: assumePolicyService });
