import type { Command } from 'commander';
import { ask } from '../client/ask.ts';
import { actsOnDeployment, verb, type DeploymentOptions } from '../command.ts';
import { envelope } from '../output/show-data.ts';
import { printable } from '../output/terminal.ts';
import { CommandProblem } from '../problem.ts';
import { componentNames, isComponent } from '../log-component.ts';
import { wholeNumber } from '../whole-number.ts';

interface LogsFlags extends DeploymentOptions {
  readonly follow?: boolean;
  readonly component?: string;
  readonly tail?: string;
}

export function logsCommand(): Command {
  const command = verb('logs <node>', "print a node's guest.log, in ISE's format", ['isesim logs psn-1', 'isesim logs psn-1 --follow --component guestaccess', 'isesim logs psn-1 --tail 20', 'isesim logs ise-2 --json']);
  command.option('-f, --follow', 'go on with what is written from now on, until Ctrl-C').option('--component <name>', `only lines of this component: ${componentNames.join(', ')}`).option('--tail <number>', 'only the last so many lines, and with --follow those that come');
  return actsOnDeployment(command).action(async (node: string, { json, deployment, follow = false, component, tail }: LogsFlags) => {
    if (component !== undefined && !isComponent(component)) throw noSuchComponent(component);
    const count = tail === undefined ? undefined : wholeNumber('tail', tail, 0);
    const { path } = await ask('log-file', { node }, { deployment });
    const { lastLines, linesOfComponent, parseLogLine, readLog } = await import('../read-log.ts');
    const lines = (goOn: boolean) => linesOfComponent(readLog(path, { follow: goOn }), component);
    for await (const line of count === undefined ? lines(follow) : lastLines(lines, count, follow)) {
      process.stdout.write(`${json === true ? envelope('logs', { node, ...parseLogLine(line) }) : printable(line)}\n`);
    }
  });
}

function noSuchComponent(component: string): CommandProblem {
  return new CommandProblem({ kind: 'wrong input', code: 'component', message: `--component is "${component}", which logs nothing`, remedy: `Write one of ${componentNames.join(', ')}.` });
}
