import type { Command } from 'commander';
import { ask } from '../client/ask.ts';
import { actsOnDeployment, verb, type DeploymentOptions } from '../command.ts';
import { envelope } from '../output/show-data.ts';
import { printable } from '../output/terminal.ts';

interface LogsFlags extends DeploymentOptions {
  readonly follow?: boolean;
  readonly component?: string;
}

export function logsCommand(): Command {
  const command = verb('logs <node>', "print a node's guest.log, in ISE's format", ['isesim logs psn-1', 'isesim logs psn-1 --follow --component guestaccess', 'isesim logs ise-2 --json']);
  command.option('-f, --follow', 'go on with what is written from now on, until Ctrl-C').option('--component <name>', 'only lines of this component: guestaccess, guest-access-admin');
  return actsOnDeployment(command).action(async (node: string, { json, deployment, follow = false, component }: LogsFlags) => {
    const { path } = await ask('log-file', { node }, { deployment });
    const { linesOfComponent, parseLogLine, readLog } = await import('../read-log.ts');
    for await (const line of linesOfComponent(readLog(path, { follow }), component)) {
      process.stdout.write(`${json === true ? envelope('logs', { node, ...parseLogLine(line) }) : printable(line)}\n`);
    }
  });
}
