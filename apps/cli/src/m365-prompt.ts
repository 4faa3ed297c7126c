import { createInterface } from 'node:readline/promises';
import { ask } from './client/ask-step.ts';
import { assertScriptFits } from './client/script-length.ts';
import { printable } from './output/terminal.ts';
import { problemOf } from './problem.ts';

export interface PromptStreams {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly isTerminal: boolean;
}

const whole = 'PS> ';
const unfinished = '>> ';

/**
 * A prompt that takes PowerShell, a line or an unfinished one with those behind it, until `exit` or the end of the input. Ctrl-C
 * drops what was typed, as in PowerShell; Ctrl-D ends the prompt.
 */
export async function m365Prompt(deployment: string | undefined, { input, output, isTerminal }: PromptStreams = { input: process.stdin, output: process.stdout, isTerminal: process.stdin.isTTY }): Promise<void> {
  const session = `prompt-${process.pid}`;
  const terminal = createInterface({ input, output, terminal: isTerminal, prompt: whole });
  let begun = '';
  terminal.on('SIGINT', () => {
    begun = '';
    output.write('^C\n');
    terminal.setPrompt(whole);
    terminal.write(null, { ctrl: true, name: 'e' });
    terminal.write(null, { ctrl: true, name: 'u' });
    terminal.prompt();
  });
  if (isTerminal) terminal.prompt();
  for await (const line of terminal) {
    const command = begun + line;
    if (/^\s*exit\s*$/i.test(command)) break;
    const { isWhole, says, failed } = await run(command, session, deployment);
    if (says !== '') output.write(`${printable(says)}\n`);
    if (failed && !isTerminal) process.exitCode = 1;
    begun = isWhole ? '' : `${command}\n`;
    terminal.setPrompt(isWhole ? whole : unfinished);
    if (isTerminal) terminal.prompt();
  }
  terminal.close();
}

interface Ran {
  readonly isWhole: boolean;
  readonly says: string;
  readonly failed: boolean;
}

async function run(command: string, session: string, deployment: string | undefined): Promise<Ran> {
  if (command.trim() === '') return { isWhole: true, says: '', failed: false };
  try {
    assertScriptFits(command, 'the command');
    const { says, problem } = await ask('m365', { command, session }, deployment);
    if (problem?.code === 'incomplete') return { isWhole: false, says: '', failed: false };
    return { isWhole: true, says: [says, problem?.message ?? ''].filter((text) => text !== '').join('\n'), failed: problem !== undefined };
  } catch (error) {
    return { isWhole: true, says: problemOf(error).message, failed: true };
  }
}
