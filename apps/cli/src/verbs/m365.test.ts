import { requests } from '@isesim/bus';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { scriptLengthMax } from '../client/script-length.ts';
import { runCommand } from '../run-command.ts';

const asked: string[] = [];
vi.mock('../client/ask-step.ts', () => ({
  ask: (_operation: string, { command }: { command: string }) => {
    asked.push(command);
    const problem = { kind: 'refused', code: 'not-recognized', message: "Get-Nothing: The term 'Get-Nothing' is not recognized", remedy: 'Get-Command lists what there is.' };
    return Promise.resolve({ answer: { output: 'a\n', objects: ['a'] }, says: 'a', ...(command.includes('Get-Nothing') && { problem }) });
  },
}));

const written = { stdout: '', stderr: '' };
beforeEach(() => {
  Object.assign(written, { stdout: '', stderr: '' });
  asked.length = 0;
  for (const stream of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      written[stream] += String(text);
      return true;
    });
  }
});
afterEach(() => { vi.restoreAllMocks(); });

test('what a script printed before it failed is output, and only the error is told as such', async () => {
  expect(await runCommand(['m365', '"a"; Get-Nothing'])).toBe(1);
  expect(written).toEqual({ stdout: 'a\n', stderr: "error: Get-Nothing: The term 'Get-Nothing' is not recognized\n  Get-Command lists what there is.\n" });
});

test('with --json it stands beside the error', async () => {
  expect(await runCommand(['m365', '--json', '"a"; Get-Nothing'])).toBe(1);
  expect(JSON.parse(written.stdout)).toMatchObject({ error: { code: 'not-recognized', output: 'a' } });
  expect(written.stderr).toBe('');
});

test('--json can stand behind the cmdlet and is no PowerShell', async () => {
  expect(await runCommand(['m365', 'Get-Mailbox', '-Identity', 'no-reply', '--json'])).toBe(0);
  expect(asked).toEqual(['Get-Mailbox -Identity no-reply']);
  expect(JSON.parse(written.stdout)).toEqual({ schema: 'isesim/m365.v1', output: 'a\n', objects: ['a'] });
});

test('a script that is longer than the double takes is refused unasked', async () => {
  expect(await runCommand(['m365', '--command', '#'.repeat(scriptLengthMax + 1)])).toBe(2);
  expect(written.stderr).toBe('error: --command has 100001 characters, and at most 100000 are taken at once\n  Run it in parts; a session keeps its variables: isesim m365 --session tenant --file part-1.ps1\n');
  expect(asked).toEqual([]);
  expect(await runCommand(['m365', '--command', '#'.repeat(scriptLengthMax)])).toBe(0);
});

test('the double takes what the verb lets pass', () => {
  const taken = [0, 1].map((more) => requests.m365.takes.safeParse({ command: '#'.repeat(scriptLengthMax + more) }).success);
  expect(taken).toEqual([true, false]);
});
