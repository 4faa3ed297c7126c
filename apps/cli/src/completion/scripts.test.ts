import { afterEach, expect, test, vi } from 'vitest';
import { runCommand } from '../run-command.ts';
import { completionScript, shells } from './scripts.ts';

afterEach(() => { vi.restoreAllMocks(); });

test.each(shells)('the script for %s asks the hidden verb, keeps errors to itself and offers files', (shell) => {
  const script = completionScript(shell);
  expect(script).toContain('isesim complete -- ');
  expect(script).toContain('2>/dev/null');
  expect(script).toMatch({ bash: /complete -o default -F _isesim isesim$/, zsh: /_files[\s\S]*compdef _isesim isesim$/, fish: /__fish_complete_path[\s\S]*complete -c isesim -f/ }[shell]);
});

test.each([
  [['complete', '--', 'mail', 'w'], 'wait\n'],
  [['complete', '--', 'mail', 'ls', '--json', '--purp'], '--purpose\n'],
  [['complete', '--', ''], expect.stringMatching(/^validate\n[\s\S]*\nhelp\n$/)],
  [['complete', '--', 'constructor', ''], ''],
  [['complete', '--nope', '--help'], '--help\n'],
  [['complete'], expect.stringContaining('demo\n')],
])('isesim %j prints candidates and nothing else', async (args, expected) => {
  const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(await runCommand(args)).toBe(0);
  expect(stdout.mock.calls.map(([text]) => String(text)).join('')).toEqual(expected);
  expect(stderr).not.toHaveBeenCalled();
});
