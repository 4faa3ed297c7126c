import { PassThrough } from 'node:stream';
import { expect, it, vi } from 'vitest';
import { m365Prompt } from './m365-prompt.ts';

const asked: string[] = [];
vi.mock('./client/ask-step.ts', () => ({
  ask: (_operation: string, { command }: { command: string }) => {
    const problem = (code: string, message: string) => ({ problem: { kind: 'refused', code, message, remedy: '' } });
    if (command.endsWith('|')) return Promise.resolve({ answer: {}, says: '', ...problem('incomplete', 'more is to come') });
    asked.push(command);
    if (command.endsWith('Get-Nothing')) return Promise.resolve({ answer: {}, says: 'a', ...problem('not-recognized', 'Get-Nothing: what is that?') });
    return Promise.resolve({ answer: {}, says: `ran ${command}` });
  },
}));

/** A prompt on a terminal at which the test types; `shown` waits for what it shows. */
function openPrompt() {
  asked.length = 0;
  const input = new PassThrough();
  const output = new PassThrough();
  let seen = '';
  output.on('data', (text: Buffer) => { seen += text.toString(); });
  const ended = m365Prompt(undefined, { input, output, isTerminal: true });
  return { type: (text: string) => { input.write(text); }, ended, shown: (text: string) => vi.waitFor(() => { expect(seen).toContain(text); }) };
}

it('Ctrl-C drops what was typed and nothing else; Ctrl-D ends the prompt', async () => {
  const { type, shown, ended } = openPrompt();
  await shown('PS> ');
  type('Get-Mailbox -Identiy\u0003');
  await shown('^C\n');
  type('Get-Mailbox\r');
  await shown('ran Get-Mailbox');
  type('\u0004');
  await ended;
  expect(asked).toEqual(['Get-Mailbox']);
});

it('Ctrl-C drops the lines before, too, of what is unfinished', async () => {
  const { type, shown, ended } = openPrompt();
  type('Get-Mailbox |\r');
  await shown('>> ');
  type('\u0003');
  await shown('^C\n');
  type('Get-Date\r');
  await shown('ran Get-Date');
  type('exit\r');
  await ended;
  expect(asked).toEqual(['Get-Date']);
});

it('what a line printed before it failed comes before its error', async () => {
  const { type, shown, ended } = openPrompt();
  type('"a"; Get-Nothing\r');
  await shown('a\nGet-Nothing: what is that?\n');
  type('\u0004');
  await ended;
});
