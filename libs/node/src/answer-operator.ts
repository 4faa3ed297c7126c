import type { AttemptsSoFar } from './attempts-so-far.ts';
import type { IseNode } from './ise-node.ts';
import type { NodeWorld } from './node-world.ts';
import { letStand, type FaultyParts } from './standing-faults.ts';

export interface AnswerOperatorParts extends FaultyParts, Pick<NodeWorld, 'clock'> {
  readonly attempts: AttemptsSoFar;
}

/** What every node answers, whatever its personas. */
export function answerOperator(node: IseNode, parts: AnswerOperatorParts): void {
  const { settings } = node;
  node.answer('set-faults', async (standing) => {
    await letStand(standing, parts);
    return {};
  });
  node.answer('show-attempts', () => Promise.resolve({ attempts: parts.attempts.list() }));
  node.answer('ping', () => Promise.resolve({ open: parts.clock.openWork() }));
  // JSON shows each secret as ***.
  node.answer('show-settings', () => Promise.resolve({ revision: settings.held().revision, pages: JSON.parse(JSON.stringify(settings.held().pages)) as Record<string, unknown> }));
  node.answer('smtp-probe', ({ trace = false }) => node.testConnection(node.page('smtp-server'), { by: 'isesim', trace }));
  node.answer('raise-alarm', async (alarm) => ({ id: (await node.raiseAlarm(alarm)).id }));
}
