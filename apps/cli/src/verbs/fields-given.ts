import type { FlagDescription } from '@isesim/scenario';
import { readSecret } from '../client/read-secret.ts';
import { CommandProblem } from '../problem.ts';

type Typed = Readonly<Record<string, string>>;
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The fields that flags give. Secrets come from files, or from the environment: alone, or beside another field of theirs, since
 * whoever sets a port does not mean the secret.
 */
export async function fieldsGiven(flags: readonly FlagDescription[], typed: Typed, env: Environment): Promise<Record<string, string>> {
  assertOneMeant(flags, typed, env);
  const given: Record<string, string> = {};
  for (const flag of flags) {
    const { field, secret } = flag;
    const value = secret === undefined ? typed[field] : await readSecret(typed[`${field}File`], meant(flag, typed) ? env[secret] : undefined);
    if (value !== undefined) given[field] = value;
  }
  return given;
}

function meant({ beside = [] }: FlagDescription, typed: Typed): boolean {
  return Object.keys(typed).length === 0 || beside.some((field) => field in typed);
}

/** Of two secrets in the environment nobody knows which one is meant where nothing is typed. */
function assertOneMeant(flags: readonly FlagDescription[], typed: Typed, env: Environment): void {
  if (Object.keys(typed).length > 0) return;
  const [one, other] = flags.flatMap(({ secret }) => (secret !== undefined && env[secret] !== undefined ? [secret] : []));
  if (one === undefined || other === undefined) return;
  throw new CommandProblem({ kind: 'wrong input', code: 'usage', message: `no flag is given, and ${one} and ${other} are both set`, remedy: 'Unset one of them, or give --authentication with the kind that is meant.' });
}
