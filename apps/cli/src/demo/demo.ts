import { formatDuration, Problem } from '@isesim/domain';
import type { BootedDeployment } from '@isesim/launch';
import { bootDemo, natsServerFor } from './boot-demo.ts';
import { Interrupted, listenForInterruption, type Interruption } from './interruption.ts';
import { outputTo, type Output } from './output.ts';
import { runDemo } from './run-demo.ts';

export interface DemoOptions {
  readonly isolation: 'process' | 'inline';
  readonly json?: boolean;
  readonly step?: boolean;
  readonly stay?: boolean;
}

/** The terminal and the environment, as a process has them. */
export type Console = Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr' | 'env'>;

// Two cores need a few seconds: what takes this long hangs.
const longestMs = 120_000;

/** Boots, tells the story, judges it and stops again. Returns the exit code. */
export async function demo(options: DemoOptions, console: Console): Promise<number> {
  const began = performance.now();
  const shown = outputTo(options.json ? console.stderr : console.stdout, console.env);
  using interruption = listenForInterruption([console.stdout, console.stderr]);
  const output: Output = { ...shown, line: (text) => { if (!interruption.happened) shown.line(text); } };
  try {
    const natsServer = await interruption.unless(natsServerFor(console.env, output));
    return await play({ ...options, natsServer, began, console, output, interruption });
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    // All is stopped by now. What the interruption cut short never ends, and would keep this process waiting.
    process.exit(error.exitCode);
  }
}

interface Play extends DemoOptions {
  readonly natsServer: string;
  /** When the command was given, by the process's clock. */
  readonly began: number;
  readonly console: Console;
  readonly output: Output;
  readonly interruption: Interruption;
}

async function play({ json = false, isolation, step = false, stay = false, natsServer, began, console, output, interruption }: Play): Promise<number> {
  const stepping = step && mayStep(console, output);
  const limit = stepping ? undefined : setTimeout(() => { interruption.end(hangs()); }, longestMs);
  const booting = bootDemo({ isolation, natsServer, env: console.env, output });
  try {
    const booted = await interruption.unless(booting);
    const pause = stepping ? () => enter(console.stdin, output) : undefined;
    const result = await interruption.unless(runDemo(booted.deployment, output, pause));
    clearTimeout(limit);
    const wallMs = Math.round(performance.now() - began);
    if (json) console.stdout.write(`${JSON.stringify({ schema: 'isesim/demo.v1', ...result, wallMs })}\n`);
    showEnd(booted, wallMs, output);
    if (stay) await untilInterrupted(booted, interruption, output);
    return result.verdict === 'passed' ? 0 : 1;
  } finally {
    clearTimeout(limit);
    if (stepping) console.stdin.pause();
    const booted = await booting.catch(() => undefined);
    await booted?.stop();
  }
}

function mayStep({ stdin, stdout }: Console, { line }: Output): boolean {
  const terminal = stdin.isTTY && stdout.isTTY;
  if (!terminal) line('--step is ignored: there is no terminal to press Enter on.');
  return terminal;
}

function hangs(): Problem {
  return new Problem('could not run', 'demo-hangs', `the demo did not end within ${formatDuration(longestMs)}`, 'Try again on a machine that is less busy; if it hangs again, please report it.');
}

/** Resolves on Enter; at the end of the input, too. */
function enter(stdin: Console['stdin'], { line, paint }: Output): Promise<void> {
  line(paint.dim('Enter for the next step'));
  return new Promise((resolve) => {
    const go = () => {
      stdin.off('data', go).off('end', go).pause();
      resolve();
    };
    stdin.on('data', go).on('end', go).resume();
  });
}

const nextCommands = [
  'isesim up topology/medium.yaml --detach',
  'isesim guest create --node psn-1 --portal sponsor --email ana@guest.example --valid-for 5d',
  'isesim clock advance 3d',
  'isesim mail wait --purpose guest-expiry --to ana@guest.example',
];

function showEnd({ deployment }: BootedDeployment, wallMs: number, { line, paint }: Output): void {
  const hours = Math.floor((deployment.now() - deployment.topology.startTime) / 3_600_000);
  line(paint.dim(`        ${Math.floor(hours / 24)} days and ${hours % 24} hours of simulated time in ${(wallMs / 1000).toFixed(1)} s.`));
  line();
  line(paint.bold('What to try next'));
  for (const command of nextCommands) line(`  ${command}`);
}

async function untilInterrupted({ natsUrl, caFile, deployment }: BootedDeployment, { unless }: Interruption, { line, paint }: Output): Promise<void> {
  const { login, smtp } = deployment.microsoft365;
  line();
  line(paint.bold('The deployment stays up until Ctrl-C'));
  line(`  NATS         ${natsUrl}`);
  line(`  Entra ID     https://${login.host}:${login.port}`);
  line(`  SMTP         ${smtp.host}:${smtp.port}, STARTTLS`);
  line(`  trust        ${caFile}`);
  try {
    await unless(new Promise<never>(() => undefined));
  } catch (error) {
    // Ctrl-C is the way to end it: the verdict stands.
    if (!(error instanceof Interrupted)) throw error;
  }
}
