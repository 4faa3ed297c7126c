import { Option, type Command } from 'commander';
import { printsData, verb, type DataOptions } from '../command.ts';
import { showData } from '../output/show-data.ts';
import { readTopologyFile } from '../read-topology-file.ts';
import { CommandProblem } from '../problem.ts';

interface UpFlags extends DataOptions {
  readonly detach?: boolean;
  readonly isolation: 'process' | 'inline';
  readonly time: string;
  readonly installNats?: boolean;
  readonly seed: string;
}

export function upCommand(): Command {
  const command = verb('up <topology>', 'boot a deployment and keep it up until Ctrl-C, or in the background', [
    'isesim up topology/demo.yaml',
    'isesim up topology/demo.yaml --detach',
    'isesim up topology/maximum.yaml --isolation inline --time stepped',
  ]);
  command
    .option('--detach', 'return when it is up; "isesim down" stops it')
    .addOption(new Option('--isolation <kind>', 'each node a process of its own, or all within one').choices(['process', 'inline']).default('process'))
    .option('--time <pace>', 'how simulated time passes: real, stepped (only by "isesim clock advance"), or as 60x', 'real')
    .option('--install-nats', 'fetch nats-server into our own cache if there is none')
    .option('--seed <number>', 'where all randomness starts from', '1');
  return printsData(command).action(async (path: string, { json, detach, isolation, time, seed, installNats }: UpFlags) => {
    const { checkFree, pickNatsServer } = await import('../supervisor/before-boot.ts');
    const { parseTime } = await import('../supervisor/time.ts');
    const options = { isolation, time: parseTime(time), seed: parseSeed(seed) };
    const topology = await readTopologyFile(path);
    await checkFree(topology.name);
    const natsServer = await pickNatsServer({ install: installNats === true });
    const { progressShower } = await import('../output/boot-progress.ts');
    const { upText } = await import('../output/up-text.ts');
    const onProgress = progressShower(topology.nodes.length);
    if (detach === true) {
      const { startDetached } = await import('../supervisor/start-detached.ts');
      const status = await startDetached({ ...options, topology: path, natsServer }, process.env, onProgress);
      showData('up', status, { json }, () => upText(status, { detached: true }));
      return;
    }
    const { supervise } = await import('../supervisor/supervise.ts');
    const { stopSignal } = await import('../supervisor/stop-signal.ts');
    // Whoever read the table may be gone; the deployment stays.
    process.stdout.on('error', () => undefined);
    await supervise({
      ...options,
      topology,
      natsServer,
      env: process.env,
      signal: stopSignal(),
      onProgress,
      onReady: (status) => { showData('up', status, { json }, () => upText(status, { detached: false })); },
    });
  });
}

function parseSeed(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new CommandProblem({ kind: 'wrong input', code: 'seed', message: `--seed "${text}" is not a whole number`, remedy: 'Write digits only, as --seed 7.' });
}
