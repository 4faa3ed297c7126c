import * as z from 'zod';
import { operation } from './operation.ts';
import { clockOf } from './status.ts';

export const clock = operation({ takes: z.object({}), run: clockOf });
