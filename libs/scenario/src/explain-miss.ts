import type { MailRecord } from '@isesim/domain';
import { awayNodes } from './away-nodes.ts';
import { nearestMail, nearestText, type MailWanted } from './mail-wanted.ts';
import { senderState } from './sender-state.ts';
import type { Stage } from './stage.ts';
import { unacceptedMail } from './unaccepted-mail.ts';

/** Why mail that was wanted is not among what was accepted, as far as the deployment knows. */
export interface MissExplained {
  /** What the outboxes have of it, owed or ended without acceptance, a line each. */
  readonly unaccepted: readonly string[];
  /** Nodes that are Disconnected and at which it may hang, a line each. */
  readonly away: readonly string[];
  /** What the node that should have sent it is doing. */
  readonly sender: string | undefined;
}

export async function explainMiss(stage: Pick<Stage, 'deployment'>, wanted: MailWanted): Promise<MissExplained> {
  return { unaccepted: await unacceptedMail(stage, wanted), away: awayNodes(stage, wanted), sender: await senderState(stage, wanted) };
}

/** The same with the nearest mail, a label and a text a line; `found` fit, but were not as many as wanted. */
export async function missHints(stage: Pick<Stage, 'deployment'>, wanted: MailWanted, found: readonly MailRecord[]): Promise<[string, string][]> {
  const nearest = await nearestMail(stage, wanted);
  const { unaccepted, away, sender } = await explainMiss(stage, wanted);
  return [
    ...(found.length > 0 ? [] : [['nearest', nearest ? nearestText(nearest) : 'no mail was accepted at all'] as [string, string]]),
    ...unaccepted.map((line): [string, string] => ['outbox', line]),
    ...away.map((line): [string, string] => ['away', line]),
    ...(sender === undefined ? [] : [['sender', sender] as [string, string]]),
  ];
}
