import { readFileSync } from 'node:fs';
import { nodeBootSchema, type NodeBoot, type Persona } from '@isesim/domain';
import { startNode, type StartOptions } from './start-node.ts';

/**
 * Runs one node as this process: reads its credentials file (the first argument), joins, tells the parent, and leaves on a
 * signal or when the parent is gone.
 */
export async function runNodeProcess(assume: StartOptions['assume'] | ((personas: readonly Persona[]) => Promise<StartOptions['assume']>)): Promise<void> {
  const boot = readBoot(process.argv[2]);
  process.title = `isesim ${boot.node.name}`;
  // From the first moment: a parent that dies while this node waits to be admitted leaves it nobody to wait for.
  process.once('disconnect', () => process.exit(0));
  const running = await startNode(boot, {
    assume: typeof assume === 'function' ? await assume(boot.node.personas) : assume,
    onDefect: (what, error) => {
      process.stderr.write(`${boot.node.name}: ${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    },
  }).catch((error: unknown) => {
    throw new Error(`cannot join the deployment: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  });
  const leave = () => {
    void running.stop().finally(() => process.exit(0));
  };
  process.once('SIGTERM', leave);
  process.once('SIGINT', () => undefined);
  process.send?.({ ready: true });
}

function readBoot(path: string | undefined): NodeBoot {
  if (path === undefined) throw new Error('no credentials file was named; give its path as the first argument');
  const { data, error } = nodeBootSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (data) return data;
  const [issue] = error.issues;
  throw new Error(`${path} is no credentials file of a node: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}
