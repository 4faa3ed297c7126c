import type { Disturbance } from '@isesim/deployment';
import { formatDuration } from '@isesim/domain';

/** What stands against a deployment, one a line: the fault, who meets it, and its parameters. */
export function faultsText(faults: readonly Disturbance[]): string {
  return faults.length === 0 ? 'nothing is broken' : faults.map(faultText).join('\n');
}

function faultText(disturbance: Disturbance): string {
  const { fault, node = 'every node', to = '', ...parameters } = disturbance as Record<string, unknown> & { fault: string; node?: string; to?: string };
  if (fault === 'isolated') return `${node} is isolated`;
  const where = to === '' ? 'at Microsoft 365' : `from ${node} to ${to}`;
  const details = Object.entries(parameters).map(([name, value]) => (name.endsWith('Ms') ? `${name.slice(0, -2)} ${formatDuration(Number(value))}` : `${name} ${String(value)}`));
  return [fault, where, ...details].join(', ').replace(', ', ' ');
}
