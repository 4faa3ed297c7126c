import { Option, type Argument } from 'commander';
import type { Time } from '../supervisor/time.ts';

/** Names that only what runs now can tell. */
export interface LiveNames {
  deployments(): Promise<readonly string[]>;
  /** The nodes of `deployment`; of the only one that runs when left out. */
  nodes(deployment: string | undefined): Promise<readonly string[]>;
}

/** The values that an option or an argument of a verb takes, where they are known. */
export async function valuesOf(taker: Option | Argument, live: LiveNames, deployment: string | undefined): Promise<readonly string[]> {
  if (taker.argChoices) return taker.argChoices;
  if (taker instanceof Option && taker.flags.includes('|')) return alternatives(taker.flags);
  const name = taker instanceof Option ? taker.attributeName() : taker.name();
  switch (name) {
    case 'deployment':
      return live.deployments();
    case 'node':
    case 'sentBy':
      return live.nodes(deployment);
    case 'purpose':
    case 'template':
    case 'severity':
      // It comes with every schema of the domain, for which most completions need not wait.
      return (await import('./fixed-values.ts')).fixedValues[name];
    case 'time':
      return times;
    default:
      return [];
  }
}

/** The last stands for every multiple of real time. */
const times: readonly Time[] = ['real', 'stepped', '60x'];

/** As in `--tls [true|false]`. */
function alternatives(flags: string): string[] {
  return (/[<[]([^>\]]*)/.exec(flags)?.[1] ?? '').split('|');
}
