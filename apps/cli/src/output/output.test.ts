import { testMail } from '@isesim/scenario/testing';
import { afterEach, expect, test, vi } from 'vitest';
import { CommandProblem, exitCodeOf, problemOf } from '../problem.ts';
import { mailLine, mailsTable, mailText, outboxTable } from './mail-text.ts';
import { errorEnvelope, errorText } from './print-error.ts';
import { envelope, showData } from './show-data.ts';
import { personasText } from './status-text.ts';
import { formatTable } from './table.ts';
import { paint, printable } from './terminal.ts';

const { isTTY, columns } = process.stdout;
afterEach(() => {
  vi.restoreAllMocks();
  Object.assign(process.stdout, { isTTY, columns });
});

const terminal = { isTTY: true, write: () => true };

test('a table aligns its columns and ends no line with spaces', () => {
  expect(formatTable(['NODE', 'DUTY', 'STATUS'], [['ise-1', 'primary PAN', 'Connected'], ['a', '', '']])).toBe(
    ['NODE   DUTY         STATUS', 'ise-1  primary PAN  Connected', 'a'].join('\n'),
  );
});

test('colour in a cell does not move the next column', () => {
  const table = formatTable(['A', 'B'], [['x', 'y']], (cell, column) => (column === 0 ? `<${cell}>` : cell));
  expect(table).toBe('A  B\n<x>  y');
});

test('on a narrow terminal the columns without room stand below, and the last one is broken between its words', () => {
  const table = formatTable(['NODE', 'PURPOSE', 'STATE', 'LAST ATTEMPT'], [['psn-1', 'portal-notification', 'undone', 'deferred at data: mailbox logon failure']], undefined, 40);
  expect(table).toBe(
    [
      'NODE   PURPOSE              STATE',
      '  LAST ATTEMPT',
      'psn-1  portal-notification  undone',
      '  deferred at data: mailbox logon',
      '  failure',
    ].join('\n'),
  );
  expect(formatTable(['A', 'B'], [['x', 'one two three four five six seven eight']], undefined, 34).split('\n')).toEqual(['A  B', 'x  one two three four five six', '   seven eight']);
});

const owed = { notificationId: 'guest-credentials-1vg9gq3p6lpo', node: 'psn-1', persona: 'psn', purpose: 'portal-notification', template: 'guest-credentials', to: ['ben@guest.example'], at: '2026-02-05T05:04:02.470Z', state: 'undone', attempts: null, lastAttempt: null } as const;

test('a terminal of any width shows all that waits to be sent, a file has it on one line', () => {
  const entry = { ...owed, waitsBecause: 'the SMTP Server page is empty (isesim smtp set, test, save)' };
  const inFile = outboxTable([entry]).split('\n');
  expect(inFile).toHaveLength(2);
  Object.assign(process.stdout, { isTTY: true });
  for (const columns of [60, 80, 100, 300]) {
    Object.assign(process.stdout, { columns });
    const lines = outboxTable([entry]).split('\n');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(columns);
    expect(lines.flatMap((line) => line.trim().split(/ +/)).sort()).toEqual(inFile.flatMap((line) => line.split(/ +/)).sort());
  }
});

test('colour is for terminals whose users want it', () => {
  expect(paint(terminal, 'green', 'x', {})).toBe('\u001b[32mx\u001b[0m');
  expect(paint(terminal, 'green', 'x', { NO_COLOR: '1' })).toBe('x');
  expect(paint(terminal, 'green', 'x', { TERM: 'dumb' })).toBe('x');
  expect(paint({ ...terminal, isTTY: false }, 'green', 'x', {})).toBe('x');
});

test('a mail cannot command the terminal that shows it', () => {
  const hostile = testMail({ subject: 'a\u001b[2Jb\u009bc\r\nd', purpose: '\u0007', sentBy: null });
  for (const text of [mailsTable([hostile]), mailLine(hostile), mailText(hostile, 'x\u001b]0;title\u0007y')]) {
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  }
  expect(mailLine(hostile)).not.toContain('\n');
  expect(printable('a\tb\nc')).toBe('a\tb\nc');
});

test('what waits to be sent says what keeps it, or else how its last attempt ended', () => {
  const lastAttempt = { at: owed.at, outcome: { kind: 'deferred', stage: 'tls', reason: 'no trust' } } as const;
  expect(outboxTable([{ ...owed, waitsBecause: 'the SMTP Server page is empty' }])).toMatch(/waits: the SMTP Server page is empty$/);
  expect(outboxTable([{ ...owed, lastAttempt }])).toMatch(/deferred at tls: no trust$/);
  expect(outboxTable([owed])).toMatch(/-\s+-$/);
});

test('what was refused is hinted at where nothing waits, and below what does', () => {
  expect(outboxTable([])).toBe('nothing waits to be sent');
  expect(outboxTable([], 2)).toBe('nothing waits to be sent\nrefused for good or given up: 2 (isesim mail outbox --all)');
  expect(outboxTable([owed], 1).split('\n').slice(2)).toEqual(['', 'refused for good or given up: 1 (isesim mail outbox --all)']);
});

test('a mail to many is one short row, and has them all where it is shown alone', () => {
  const to = Array.from({ length: 500 }, (_, index) => `person${index + 1}@contoso.example`);
  for (const text of [mailsTable([testMail({ to })]), mailLine(testMail({ to })), outboxTable([{ ...owed, to }])]) {
    expect(text).toContain('person1@contoso.example, +499 ');
    expect(text).not.toContain('person2@');
  }
  expect(mailsTable([testMail({ to: to.slice(0, 2) })])).toContain('person1@contoso.example, person2@contoso.example');
  expect(mailText(testMail({ to }), '')).toContain('person500@contoso.example');
});

test('a mail that is delivered later than accepted says when, and a list of mails says how many are', () => {
  const [atOnce, late] = [testMail({ deliveredAtSimulated: '2026-02-02T05:00:00Z' }), testMail({ deliveredAtSimulated: '2026-02-02T05:01:00Z' })];
  expect(mailText(late, '')).toContain('Delivered      2026-02-02T05:01:00Z simulated: the mailbox had sent as much as is delivered in a minute');
  expect(mailText(atOnce, '')).not.toContain('Delivered');
  expect(mailsTable([atOnce, late, late]).split('\n').at(-1)).toBe('delivered later than accepted: 2 of 3 (isesim mail show ID says when)');
  expect(mailsTable([atOnce, testMail()]).split('\n')).toHaveLength(3);
});

test('data goes out as one object that names its schema, or as text', () => {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  showData('mail-ls', { mails: [] }, { json: true }, () => 'no mail');
  showData('mail-ls', { mails: [] }, {}, () => 'no mail');
  expect(written).toEqual(['{"schema":"isesim/mail-ls.v1","mails":[]}\n', 'no mail\n']);
});

test('an envelope begins with its schema and is one line', () => {
  expect(envelope('status', { deployment: 'a\nb' })).toBe('{"schema":"isesim/status.v1","deployment":"a\\nb"}');
});

const problem = new CommandProblem({ kind: 'refused', code: 'no-mail', message: 'no mail\u001b[2J', remedy: 'Look.\nThen look again.' }, { nearest: null });

test('an error is fact and remedy for a person', () => {
  expect(errorText(problem)).toBe('error: no mail\ufffd[2J\n  Look.\n  Then look again.\n');
});

test('an error is one object for a program', () => {
  expect(JSON.parse(errorEnvelope(problem))).toEqual({ error: { code: 'no-mail', message: 'no mail\u001b[2J', remedy: 'Look.\nThen look again.', nearest: null } });
});

test('mistakes stand each at the beginning of a line, and what they come to behind them', () => {
  const mistake = (file: string, line: number) => ({ file, line, column: 1, path: '', message: 'wrong' });
  const told = (...mistakes: ReturnType<typeof mistake>[]) => {
    const message = mistakes.map(({ file, line }) => `${file}:${line}:1: wrong`).join('\n');
    return errorText(problemOf(Object.assign(new Error(message), { kind: 'wrong input', code: 'scenario', remedy: 'Correct them.', mistakes })));
  };
  expect(told(mistake('a.yaml', 3))).toBe('a.yaml:3:1: wrong\nerror: a.yaml has 1 mistake\n  Correct them.\n');
  expect(told(mistake('a.yaml', 3), mistake('b.yaml', 1))).toBe('a.yaml:3:1: wrong\nb.yaml:1:1: wrong\nerror: 2 mistakes in 2 files\n  Correct them.\n');
});

test('the kind of a problem decides the exit code', () => {
  const codes = (['refused', 'wrong input', 'could not run'] as const).map((kind) => exitCodeOf({ kind, code: '', message: '', remedy: '' }));
  expect(codes).toEqual([1, 2, 3]);
});

test('what is no problem is a defect of ours', () => {
  expect(problemOf(new TypeError('x is not a function'))).toMatchObject({ kind: 'could not run', code: 'defect', message: 'x is not a function' });
  expect(problemOf(problem)).toBe(problem);
});

test('personas are shown with their roles', () => {
  expect(personasText({ personas: ['pan', 'mnt', 'psn'], roles: { pan: 'primary', mnt: 'secondary' } })).toBe('PAN primary, MnT secondary, PSN');
});
