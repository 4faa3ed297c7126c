import { dayMs, formatDuration, hourMs, Problem } from '@isesim/domain';
import type { BootedDeployment } from '@isesim/launch';
import { envelope } from '../output/show-data.ts';
import { bootDemo, natsServerFor } from './boot-demo.ts';
import { Interrupted, listenForInterruption, unlessAborted } from './interruption.ts';
import { outputTo, type Output } from './output.ts';
import { runDemo } from './run-demo.ts';

export interface DemoOptions {
  readonly isolation: 'process' | 'inline';
  readonly json?: boolean;
  readonly step?: boolean;
  readonly stay?: boolean;
}

/** The terminal and the environment, as a process has them. */
export type Surroundings = Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr' | 'env'>;

/** Boots, tells the story, judges it and stops again. Returns the exit code. */
export async function demo(options: DemoOptions, surroundings: Surroundings): Promise<number> {
  const began = performance.now();
  const { stdout, stderr, env } = surroundings;
  using ending = listenForInterruption([stdout, stderr]);
  const output = outputTo(options.json ? stderr : stdout, env, ending.signal);
  output.line(output.paint('bold', 'Which node of a Cisco ISE deployment sends which mail?'));
  output.line();
  try {
    const natsServer = await unlessAborted(natsServerFor(env, output), ending.signal);
    return await play({ ...options, natsServer, began, surroundings, output, ending });
  } catch (error) {
    // Whatever else went wrong then: it was because of that.
    const { reason } = ending.signal as { reason: unknown };
    if (reason instanceof Interrupted) return reason.exitCode;
    throw error;
  }
}

interface Play extends DemoOptions {
  readonly natsServer: string;
  /** When the command was given, by the process's clock. */
  readonly began: number;
  readonly surroundings: Surroundings;
  readonly output: Output;
  readonly ending: AbortController;
}

async function play({ isolation, json, step, stay, natsServer, began, surroundings, output, ending }: Play): Promise<number> {
  const { stdin, stdout, env } = surroundings;
  const stepping = step === true && mayStep(surroundings, output);
  const limit = stepping ? undefined : setTimeout(() => { ending.abort(hangs()); }, longestMs);
  try {
    await using booted = await bootDemo({ isolation, natsServer, env, output, ending });
    const pause = stepping ? () => enter(stdin, output) : undefined;
    const result = await unlessAborted(runDemo(booted.deployment, output, pause), ending.signal);
    clearTimeout(limit);
    const wallMs = Math.round(performance.now() - began);
    if (json) stdout.write(`${envelope('demo', { ...result, wallMs })}\n`);
    showEnd(booted, wallMs, output);
    if (stay) await untilInterrupted(booted, output, ending.signal);
    return result.verdict === 'passed' ? 0 : 1;
  } finally {
    clearTimeout(limit);
    if (stepping) stdin.pause();
  }
}

// Two cores need a few seconds: what takes this long hangs.
const longestMs = 120_000;

function hangs(): Problem {
  return new Problem('could not run', 'demo-hangs', `the demo did not end within ${formatDuration(longestMs)}`, 'Try again on a machine that is less busy; if it hangs again, please report it.');
}

function mayStep({ stdin, stdout }: Surroundings, { line }: Output): boolean {
  const terminal = stdin.isTTY && stdout.isTTY;
  if (!terminal) line('--step is ignored: there is no terminal to press Enter on.\n');
  return terminal;
}

/** Resolves on Enter; at the end of the input, too. */
function enter(stdin: Surroundings['stdin'], { line, paint }: Output): Promise<void> {
  line(paint('dim', 'Enter for the next step'));
  return new Promise((resolve) => {
    const go = () => {
      stdin.off('data', go).off('end', go).pause();
      resolve();
    };
    stdin.on('data', go).on('end', go).resume();
  });
}

const nextCommands = [
  'npx isesim up topology/medium.yaml --detach',
  'npx isesim guest create --node psn-1 --portal sponsor --email ana@guest.example --valid-for 5d',
  'npx isesim clock advance 3d',
  'npx isesim mail wait --purpose guest-expiry --to ana@guest.example',
];

function showEnd({ deployment }: BootedDeployment, wallMs: number, { line, paint }: Output): void {
  const simulatedMs = deployment.now() - deployment.topology.startTime;
  const [days, hours] = [Math.floor(simulatedMs / dayMs), Math.floor((simulatedMs % dayMs) / hourMs)];
  line();
  line(paint('dim', `${days} days and ${hours} hours of simulated time, in ${(wallMs / 1000).toFixed(1)} seconds.`));
  line();
  line(paint('bold', 'What to try next'));
  for (const command of nextCommands) line(`  ${command}`);
}

/** Ctrl-C is the way to end it: the verdict stands. */
async function untilInterrupted({ natsUrl, caFile, deployment }: BootedDeployment, { line, paint }: Output, signal: AbortSignal): Promise<void> {
  const { login, smtp } = deployment.microsoft365;
  line();
  line(paint('bold', 'The deployment stays up until Ctrl-C'));
  line(`  NATS                       ${natsUrl}`);
  line(`  login.microsoftonline.com  ${login.host}:${login.port}`);
  line(`  smtp.office365.com         ${smtp.host}:${smtp.port}`);
  line(`  certificates to trust      ${caFile}`);
  try {
    await unlessAborted(new Promise<never>(() => undefined), signal);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
  }
}
