import { broughtBackBy, needsStart } from '@isesim/deployment';
import { Problem, type Persona } from '@isesim/domain';
import type { Stage } from '../stage.ts';

/** In the order of the topology. */
export function runningNodes(deployment: Stage['deployment']): string[] {
  return deployment.states().filter(({ status }) => status !== 'Disconnected').map(({ name }) => name);
}

/** The PSN that serves a portal: the one that is named, which says itself if it is none, or the first that runs. */
export function servingPsn(deployment: Stage['deployment'], named: string | undefined): string {
  return named ?? firstRunning(deployment, { persona: 'psn', so: ', so no portal can be reached' });
}

/** The first that runs, of those with the persona; throws a `Problem` that says why there is none, and `so` what cannot be done. */
export function firstRunning(deployment: Stage['deployment'], { persona, so = '' }: { readonly persona?: Persona; readonly so?: string } = {}): string {
  const states = deployment.states().filter(({ personas }) => persona === undefined || personas.includes(persona));
  const running = states.find(({ status }) => status !== 'Disconnected');
  if (running) return running.name;
  const kind = persona === undefined ? 'node' : persona.toUpperCase();
  const code = `no-${kind.toLowerCase()}`;
  const [cut, ...more] = states.filter(({ reason }) => reason !== undefined && !needsStart(reason));
  if (cut?.reason === undefined) throw new Problem('refused', code, `no ${kind} is running${so}`, 'Start one: isesim node start <name>; "isesim status" shows them.');
  const others = states.length === 1 ? '' : ', and no other is Connected';
  throw new Problem('refused', code, `no ${kind} is Connected${so}: ${cut.name} is Disconnected (${cut.reason})${others}`, `Bring ${more.length > 0 ? 'them back: isesim heal' : `it back: ${broughtBackBy(cut.name, cut.reason)}`}; "isesim status" shows them.`);
}
