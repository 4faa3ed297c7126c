import type { Stage } from '../stage.ts';

/** In the order of the topology. */
export function runningNodes(deployment: Stage['deployment']): string[] {
  return deployment.states().filter(({ status }) => status !== 'Disconnected').map(({ name }) => name);
}
