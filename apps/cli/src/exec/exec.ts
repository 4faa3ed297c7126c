import { progressShower } from '../output/boot-progress.ts';
import { checkFree, pickNatsServer } from '../supervisor/before-boot.ts';
import { natsAddressFrom } from '../supervisor/nats-address.ts';
import { readTopologyFile } from '../read-topology-file.ts';
import { stopSignal } from '../supervisor/stop-signal.ts';
import { supervise } from '../supervisor/supervise.ts';
import { parseTime } from '../supervisor/time.ts';
import type { Status } from '../operations/status.ts';
import { commandEnvironment } from './command-environment.ts';
import { runBeside } from './run-beside.ts';

export interface ExecOptions {
  readonly isolation: 'process' | 'inline';
  readonly time: string;
  readonly seed: number;
  readonly nats: string | undefined;
  readonly installNats: boolean;
}

/** Boots the topology in the file at `path`, runs `command` beside it, stops, and resolves with the command's exit code. */
export async function exec(path: string, command: readonly string[], { isolation, time, seed, nats: natsUrl, installNats }: ExecOptions): Promise<number> {
  const topology = await readTopologyFile(path);
  await checkFree(topology.name);
  const nats = natsAddressFrom(natsUrl, process.env);
  const natsServer = nats ? undefined : await pickNatsServer({ install: installNats });
  let status: Status | undefined;
  let exitCode = 0;
  await supervise({
    topology,
    isolation,
    time: parseTime(time),
    seed,
    nats,
    natsServer,
    env: process.env,
    signal: stopSignal(),
    onProgress: progressShower(topology.nodes.length),
    onReady: (ready) => { status = ready; },
    use: async (booted, signal) => {
      if (status) exitCode = await runBeside(command, await commandEnvironment(status, booted), signal);
    },
  });
  return exitCode;
}
