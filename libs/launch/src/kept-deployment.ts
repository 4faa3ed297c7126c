import { deploymentCredentialsSchema, memorySchema } from '@isesim/deployment';
import * as z from 'zod';

/** What it takes, besides its folder, to go on with a deployment that was kept. Holds credentials: for its owner alone. */
export const keptDeploymentSchema = z.object({ credentials: deploymentCredentialsSchema, memory: memorySchema });
export type KeptDeployment = z.infer<typeof keptDeploymentSchema>;
