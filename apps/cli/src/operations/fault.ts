import { faultsText } from '@isesim/scenario';
import * as z from 'zod';
import { operation } from './operation.ts';

/** What is broken now. */
export const faultList = operation({
  takes: z.object({}),
  run: ({ deployment }) => {
    const faults = deployment.faults();
    return { answer: { faults }, says: faultsText(faults) };
  },
});
