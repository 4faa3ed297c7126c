import type { Status } from '../operations/status.ts';
import { statusText } from './status-text.ts';
import { paint } from './terminal.ts';

/** What `up` shows when all is up: the nodes, where things listen, and what to try next. */
export function upText(status: Status, { detach }: { detach: boolean }): string {
  const psn = status.nodes.find(({ personas }) => personas.includes('psn'))?.name ?? status.nodes[0]?.name ?? '';
  const tries = [
    ['isesim guest create --email ana@guest.example', 'a PSN mails the credentials'],
    ['isesim alarm raise --name "High Load Average"', 'the active MnT mails it'],
    ['isesim mail ls', 'which node sent what'],
    ['isesim clock advance 3d', 'reminders and notices fall due'],
    [`isesim node kill ${psn}`, 'a power cut'],
    ['isesim down', detach ? 'stop it' : 'stop it, as Ctrl-C here does'],
  ];
  const width = Math.max(...tries.map(([line = '']) => line.length));
  const lines = tries.map(([line = '', does = '']) => `  ${line.padEnd(width)}  ${paint(process.stdout, 'dim', does)}`);
  return `${statusText(status)}\n\n${paint(process.stdout, 'bold', `${status.deployment} is up.`)} Try:\n${lines.join('\n')}`;
}
