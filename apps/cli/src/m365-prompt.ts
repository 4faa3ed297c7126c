import { createInterface } from 'node:readline/promises';
import { ask } from './client/ask-step.ts';
import { printable } from './output/terminal.ts';
import { problemOf } from './problem.ts';

/** A prompt that takes PowerShell, a line or an unfinished one with those behind it, until `exit` or the end of the input. */
export async function m365Prompt(deployment: string | undefined): Promise<void> {
  const session = `prompt-${process.pid}`;
  const isTerminal = process.stdin.isTTY;
  const terminal = createInterface({ input: process.stdin, output: process.stdout, terminal: isTerminal, prompt: 'PS> ' });
  let begun = '';
  if (isTerminal) terminal.prompt();
  for await (const line of terminal) {
    const command = begun + line;
    if (/^\s*exit\s*$/i.test(command)) break;
    begun = (await isWhole(command, session, deployment)) ? '' : `${command}\n`;
    terminal.setPrompt(begun === '' ? 'PS> ' : '>> ');
    if (isTerminal) terminal.prompt();
  }
  terminal.close();
}

async function isWhole(command: string, session: string, deployment: string | undefined): Promise<boolean> {
  if (command.trim() === '') return true;
  try {
    const { says } = await ask('m365', { command, session }, deployment);
    if (says !== '') process.stdout.write(`${printable(says)}\n`);
    return true;
  } catch (error) {
    const { code, message } = problemOf(error);
    if (code === 'incomplete') return false;
    process.stdout.write(`${printable(message)}\n`);
    if (!process.stdin.isTTY) process.exitCode = 1;
    return true;
  }
}
