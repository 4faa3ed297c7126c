import { Option, type Command } from 'commander';
import { verb } from '../command.ts';
import { wholeNumber } from '../whole-number.ts';

interface ExecFlags {
  readonly isolation: 'process' | 'inline';
  readonly time: string;
  readonly seed: string;
  readonly nats?: string;
  readonly installNats?: boolean;
}

export function execVerb(): Command {
  const command = verb('exec <topology> <command...>', 'boot a deployment, run a command beside it, and stop; the exit code is the command\'s', [
    'isesim exec topology/medium.yaml -- npm test',
    'isesim exec topology/demo.yaml --time real -- sh -c \'isesim guest create --email ana@guest.example && isesim mail wait --to ana@guest.example\'',
  ]);
  command
    .usage('[options] <topology> -- <command...>')
    .addOption(new Option('--isolation <kind>', 'each node a process of its own, or all within one').choices(['process', 'inline']).default('process'))
    .option('--time <pace>', 'how simulated time passes: real, stepped (only by "isesim clock advance"), or as 60x', 'stepped')
    .option('--seed <number>', 'where all randomness starts from', '1')
    .option('--nats <url>', 'use a nats-server that others run; with a login in its URL: environment ISESIM_NATS_URL')
    .option('--install-nats', 'fetch nats-server into our own cache if there is none')
    .addHelpText('after', `
The command finds in its environment:
  ISESIM_DEPLOYMENT        the deployment's name; isesim verbs act on it
  ISESIM_NATS_URL          the nats-server
  ISESIM_NATS_CREDENTIALS  a file with the seed of the operator's nkey, for NATS clients
  ISESIM_LOGIN_ADDRESS     host and port of the simulated Entra ID
  ISESIM_SMTP_ADDRESS      host and port of the simulated Exchange Online
  ISESIM_CA_FILE           the certificates of both to trust`);
  return command.action(async (path: string, words: string[], { isolation, time, seed, nats, installNats = false }: ExecFlags) => {
    const { exec } = await import('../exec/exec.ts');
    process.exitCode = await exec(path, words, { isolation, time, seed: wholeNumber('seed', seed, 0), nats, installNats });
  });
}
