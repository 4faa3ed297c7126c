import { broughtBackBy, type NodeState } from '@isesim/deployment';
import { purposeOf, rowOf, type Purpose, type Template } from '@isesim/domain';
import type { MailWanted } from './mail-wanted.ts';
import type { Stage } from './stage.ts';

/** Nodes that are Disconnected and at which mail that was wanted may hang, a line each. */
export function awayNodes({ deployment }: Pick<Stage, 'deployment'>, wanted: MailWanted): string[] {
  const purpose = (wanted.purpose as Purpose | undefined) ?? (wanted.template === undefined ? undefined : purposeOf(wanted.template as Template));
  const away = deployment.states().filter(({ status }) => status === 'Disconnected');
  return away.flatMap((state) => awayText(state, wanted.sentBy, purpose, deployment));
}

function awayText({ name, personas, reason = 'nothing is heard of it' }: NodeState, sentBy: string | undefined, purpose: Purpose | undefined, deployment: Stage['deployment']): string[] {
  const fact = `is Disconnected (${reason})`;
  const remedy = broughtBackBy(name, reason);
  const sender = purpose === undefined ? undefined : rowOf(purpose).sender;
  if (purpose !== undefined && sender !== undefined && sender !== 'serving PSN' && deployment.holderOf(sender) === name) return sentBy === undefined || sentBy === name ? [`${name}, which sends ${purpose} mail, ${fact}: ${remedy}`] : [];
  if (purpose === 'alarm') return [`${name} ${fact}, and keeps the alarms that it raises until it reaches the others: ${remedy}`];
  if (sentBy !== undefined) return sentBy === name ? [`${name} ${fact}: ${remedy}`] : [];
  return sender === undefined || (sender === 'serving PSN' && personas.includes('psn')) ? [`${name} ${fact}: ${remedy}`] : [];
}
