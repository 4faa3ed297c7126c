import { verbDescriptions } from '@isesim/scenario';

/** The descriptions of the verbs as a module: a verb that only asks a supervisor does not load the code and schemas of the steps. */
export function stepVerbsText(): string {
  return `// Made from the steps of libs/scenario by "npm run verbs -w @isesim/cli"; not written by hand.
import type { VerbDescription } from '@isesim/scenario';

export const stepVerbs: readonly VerbDescription[] = ${JSON.stringify(verbDescriptions(), null, 2)};
`;
}
