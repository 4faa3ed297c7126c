import { join } from 'node:path';
import { forgetOnNats } from '@isesim/launch';
import { readKept, removeKept, type KeptState } from '../client/kept-state.ts';
import { stateFolder } from '../client/state-folder.ts';
import { CommandProblem } from '../problem.ts';

/** Removes a deployment that is stopped and kept, on a server of others as well. */
export async function removeKeptDeployment(name: string, env: NodeJS.ProcessEnv): Promise<void> {
  const folder = join(stateFolder(env), name);
  // Of one that is damaged nobody knows what it has on a server.
  const kept = await readKept(folder).catch(unlessDamaged);
  if (kept?.nats) await removeStreams(kept, kept.nats);
  await removeKept(folder);
}

function unlessDamaged(error: unknown): undefined {
  if (!(error instanceof CommandProblem) || error.code !== 'kept-damaged') throw error;
}

async function removeStreams({ name, deployment }: KeptState, nats: NonNullable<KeptState['nats']>): Promise<void> {
  const { credentials } = deployment;
  try {
    await forgetOnNats({ ...nats, credentials, level2: nats.login === undefined }, name);
  } catch (error) {
    throw new CommandProblem({
      kind: 'could not run',
      code: 'nats-unreachable',
      message: `what "${name}" keeps on ${nats.url} could not be removed: ${error instanceof Error ? error.message : String(error)}`,
      remedy: 'Start that server and try again.',
    });
  }
}
