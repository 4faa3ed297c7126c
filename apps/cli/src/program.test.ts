import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { expect, test, vi } from 'vitest';
import { loadProgram } from './program.ts';
import { runCommand } from './run-command.ts';
import { writtenOutput } from './fixtures/written-output.ts';

const written = writtenOutput();

/** Verbs without verbs below them, with their path. */
function leaves(command: Command, path: string[] = []): { path: string[]; command: Command }[] {
  const below = command.commands.flatMap((child) => leaves(child, [...path, child.name()]));
  return below.length > 0 && path.at(-1) !== 'clock' ? below : [...below, { path, command }];
}

test('every verb has a help with an example, and prints data as JSON', async () => {
  const verbs = leaves(await loadProgram([])).filter(({ path }) => path[0] !== 'help');
  expect(verbs.map(({ path }) => path.join(' '))).toEqual(expect.arrayContaining(['validate', 'up', 'mail wait', 'clock', 'clock advance', 'node restart', 'guest self-register', 'logs', 'demo']));
  for (const { path, command } of verbs) {
    written.stdout = '';
    expect(await runCommand([...path, '--help']), path.join(' ')).toBe(0);
    expect(written.stdout, path.join(' ')).toContain(`Examples:\n  isesim ${path.join(' ')}`);
    // What exec prints is what its command prints.
    if (path[0] !== 'exec') expect(command.options.map(({ long }) => long), path.join(' ')).toContain('--json');
  }
});

test('only the verb that is named is loaded', async () => {
  expect((await loadProgram(['mail', 'ls'])).commands.map((each) => each.name())).toEqual(['mail']);
});

test.each([
  [['mail', 'ls', '--nope'], "unknown option '--nope'", 'isesim mail ls --help'],
  [['mail', 'lss'], "unknown command 'lss' (Did you mean ls?)", 'isesim mail --help'],
  [['nope'], "unknown command 'nope'", 'isesim --help'],
  [['nope', '--help'], "unknown command 'nope'", 'isesim --help'],
  [['mail', 'lss', '-h'], "unknown command 'lss' (Did you mean ls?)", 'isesim mail --help'],
  [['validate'], "missing required argument 'topology'", 'isesim validate --help'],
  [['validate', 'a', 'b'], '"b" is left over: isesim validate takes one argument', 'isesim validate --help'],
  [['mail', 'ls', 'ana@guest.example', 'x'], '"ana@guest.example", "x" are left over: isesim mail ls takes no argument', 'isesim mail ls --help'],
  [['clock', 'advance', '-1d'], '<when> is "-1d"\n  It cannot be below 0: simulated time does not go back.', 'isesim clock advance --help'],
  [['graph', 'a', '--format', 'svg'], 'Allowed choices are mermaid, dot.', 'isesim graph --help'],
  [['guest', 'create'], '--email is missing', 'isesim guest create --help'],
])('wrong use: isesim %j', async (args, message, help) => {
  expect(await runCommand(args)).toBe(2);
  expect(written.stdout).toBe('');
  expect(written.stderr).toContain(message);
  expect(written.stderr).toContain(`See "${help}".`);
});

test('no verb takes an argument more than it has', async () => {
  const takesFew = leaves(await loadProgram([])).filter(({ path, command }) => path[0] !== 'help' && path[0] !== 'clock' && command.options.every(({ mandatory }) => !mandatory) && command.registeredArguments.every(({ variadic }) => !variadic));
  expect(takesFew.length).toBeGreaterThan(30);
  for (const { path, command } of takesFew) {
    written.stderr = '';
    expect(await runCommand([...path, ...command.registeredArguments.map(() => 'x'), 'extra']), path.join(' ')).toBe(2);
    expect(written.stderr, path.join(' ')).toContain(`"extra" is left over: isesim ${path.join(' ')} takes`);
  }
});

test.each([
  [['logs', 'psn-1', '--component', 'foo'], '--component is "foo", which logs nothing\n  Write one of guestaccess, guest-access-admin, replication, mail.'],
  [['logs', 'psn-1', '--tail', 'some'], '--tail is "some"'],
  [['m365', 'Get-Mailbox', '--deployment', 'lab'], "--deployment stands behind the cmdlet \"Get-Mailbox\", where all is PowerShell\n  isesim's own flags stand before the cmdlet"],
])('refused before a deployment is looked for: isesim %j', async (args, text) => {
  expect(await runCommand(args)).toBe(2);
  expect(written.stderr).toContain(text);
});

test('with --json wrong use is an error object on stdout', async () => {
  expect(await runCommand(['mail', 'ls', '--nope', '--json'])).toBe(2);
  expect(written.stderr).toBe('');
  expect(JSON.parse(written.stdout)).toEqual({ error: { code: 'usage', message: "unknown option '--nope'", remedy: 'See "isesim mail ls --help".' } });
});

test('help leads to a verb below a verb, and exec tells that -- stands before its command', async () => {
  expect(await runCommand(['help', 'fault', 'add'])).toBe(0);
  expect(written.stdout).toContain('Usage: isesim fault add');
  expect(await runCommand(['help', 'exec'])).toBe(0);
  expect(written.stdout).toContain('Usage: isesim exec [options] <topology> -- <command...>');
});

test('a place that cannot be written to is told as such, and is no defect', async () => {
  vi.stubEnv('XDG_STATE_HOME', fileURLToPath(import.meta.url));
  try {
    expect(await runCommand(['nats-config', '../../topology/demo.yaml'])).toBe(3);
  } finally {
    vi.unstubAllEnvs();
  }
  expect(written.stderr).toMatch(/^error: ENOTDIR: .*program\.test\.ts.*\n  isesim writes to the folders of XDG_STATE_HOME and TMPDIR/);
  expect(written.stderr).not.toContain('defect');
});

test('without a verb the help is shown, as wrong use', async () => {
  expect(await runCommand([])).toBe(2);
  expect(written.stderr).toContain('Usage: isesim');
  expect(await runCommand(['--version'])).toBe(0);
  expect(written.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('a wrong topology is told with every mistake, and its place', async () => {
  expect(await runCommand(['validate', '/no/such/file.yaml', '--json'])).toBe(2);
  expect(JSON.parse(written.stdout)).toMatchObject({ error: { code: 'topology', mistakes: [{ file: '/no/such/file.yaml', line: 1 }] } });
});

test('a scenario is no topology, and a topology no scenario', async () => {
  const scenario = '../../test/scenarios/guest-expiry.yaml';
  const topology = '../../topology/demo.yaml';
  expect([await runCommand(['validate', scenario]), await runCommand(['graph', scenario]), await runCommand(['run', topology])]).toEqual([2, 2, 2]);
  const isScenario = `error: ${scenario} is a scenario (it has steps), and no topology\n  Play it with "isesim run ${scenario}".\n`;
  expect(written.stderr).toBe(`${isScenario}${isScenario}error: ${topology} is a topology (it has nodes), and no scenario\n  Boot it with "isesim up ${topology}".\n`);
});

test('a right topology is summed up', async () => {
  expect(await runCommand(['validate', '../../topology/demo.yaml', '--json'])).toBe(0);
  expect(JSON.parse(written.stdout)).toEqual({ schema: 'isesim/validate.v1', file: '../../topology/demo.yaml', deployment: 'demo', nodes: 4 });
});
