import { createRequire } from 'node:module';
import type { Launcher } from '@isesim/deployment';
import { microsoft365ReadySchema, type Persona } from '@isesim/domain';
import { startProcess } from './start-process.ts';

const require = createRequire(import.meta.url);

/** Starts every part as a process of its own. `onPid` tells a guardian what to end if this process dies. */
export function processLauncher({ onPid }: { onPid: (pid: number, gone: Promise<unknown>) => void }): Launcher {
  return {
    startMicrosoft365: async (boot, signal) => {
      const { part, ready } = await startProcess({ name: 'microsoft365', main: require.resolve('@isesim/microsoft365/main'), boot, onPid, signal });
      return { part, ready: microsoft365ReadySchema.parse(ready) };
    },
    startNode: async (boot, signal) => (await startProcess({ name: boot.node.name, main: mainOf(boot.node.personas), boot, onPid, signal })).part,
  };
}

function mainOf(personas: readonly Persona[]): string {
  const [only, ...others] = personas;
  return require.resolve(only !== undefined && others.length === 0 ? `@isesim/${only}/main` : '@isesim/launch/main');
}
