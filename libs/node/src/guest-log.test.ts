import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as macrotask } from 'node:timers/promises';
import type { Clock, LogLine, LogLevel } from '@isesim/domain';
import { expect, onTestFinished, test } from 'vitest';
import { formatLogLine, guestLog, guestLogName } from './guest-log.ts';

const session = 'cpm.guestaccess.apiservices.util.SmtpSession';
const retries = 'cpm.guestaccess.apiservices.util.SmtpMsgRetryThreadUtil';

// Lines of Cisco document 225520, letter for letter. (Its DEBUG lines show one blank behind the level: HTML has run them together.)
test.each<{ at: string; line: LogLine; text: string }>([
  {
    at: '2026-02-02T05:17:34.608Z',
    line: { level: 'INFO', thread: 'admin-http-pool139', logger: retries, user: 'admin', message: 'sendMailMessage: Submitting Mail Job' },
    text: '2026-02-02 05:17:34,608 INFO   [admin-http-pool139][[]] cpm.guestaccess.apiservices.util.SmtpMsgRetryThreadUtil -::admin:::- sendMailMessage: Submitting Mail Job',
  },
  {
    at: '2026-02-02T05:17:34.609Z',
    line: { level: 'INFO', thread: 'GUEST_ACCESS_SMTP_RETRY_THREAD', logger: retries, user: '', message: 'submitMailMsgJob: Creating transport object...' },
    text: '2026-02-02 05:17:34,609 INFO   [GUEST_ACCESS_SMTP_RETRY_THREAD][[]] cpm.guestaccess.apiservices.util.SmtpMsgRetryThreadUtil -:::::- submitMailMsgJob: Creating transport object...',
  },
  {
    at: '2026-02-10T14:32:47.528Z',
    line: { level: 'ERROR', thread: 'admin-http-pool9', logger: session, user: 'admin', message: 'Exception : javax.mail.AuthenticationFailedException: failed to connect' },
    text: '2026-02-10 14:32:47,528 ERROR  [admin-http-pool9][[]] cpm.guestaccess.apiservices.util.SmtpSession -::admin:::- Exception : javax.mail.AuthenticationFailedException: failed to connect',
  },
])('a line reads as in the logs of ISE: $text', ({ at, line, text }) => {
  expect(formatLogLine(Date.parse(at), line)).toBe(text);
});

test.each<{ level: LogLevel }>([{ level: 'ERROR' }, { level: 'WARN' }, { level: 'INFO' }, { level: 'DEBUG' }])('the thread begins in the same column at level $level', ({ level }) => {
  expect(formatLogLine(0, { level, thread: 't', logger: 'l', user: '', message: 'm' }).indexOf('[t]')).toBe('1970-01-01 00:00:00,000 '.length + 7);
});

test('a whole second keeps its three digits', () => {
  expect(formatLogLine(Date.parse('2026-02-02T05:00:00Z'), { level: 'INFO', thread: 't', logger: 'l', user: '', message: 'm' })).toMatch(/^2026-02-02 05:00:00,000 /);
});

async function makeLog(level?: LogLevel) {
  const folder = await mkdtemp(join(tmpdir(), 'isesim-guest-log-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const clock = { now: () => Date.parse('2026-02-02T05:00:00Z'), revoked: false };
  const inner = join(folder, 'nodes', 'psn-1');
  const log = guestLog(inner, clock as unknown as Clock & { revoked: boolean }, level && (() => level));
  const write = (lineLevel: LogLevel, message: string) => { log.write({ level: lineLevel, thread: 't', logger: 'l', user: '', message }); };
  const messages = async () => (await readFile(join(inner, guestLogName), 'utf8')).trimEnd().split('\n').map((line) => line.split(' -:::::- ')[1]);
  return { clock, write, messages };
}

test('the lines of one turn are on disk one turn later, behind those before them', async () => {
  const { write, messages } = await makeLog();
  write('INFO', 'first');
  write('INFO', 'second');
  await macrotask();
  expect(await messages()).toEqual(['first', 'second']);

  write('INFO', 'third');
  await macrotask();
  expect(await messages()).toEqual(['first', 'second', 'third']);
});

test.each<{ level: LogLevel; written: string[] }>([
  { level: 'ERROR', written: ['ERROR'] },
  { level: 'WARN', written: ['ERROR', 'WARN'] },
  { level: 'INFO', written: ['ERROR', 'WARN', 'INFO'] },
  { level: 'DEBUG', written: ['ERROR', 'WARN', 'INFO', 'DEBUG'] },
])('at level $level what is less important is left out', async ({ level, written }) => {
  const { write, messages } = await makeLog(level);
  for (const each of ['ERROR', 'WARN', 'INFO', 'DEBUG'] as const) write(each, each);
  await macrotask();

  expect(await messages()).toEqual(written);
});

test('each class has the level that it has now', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'isesim-guest-log-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const levels: Record<string, LogLevel> = { one: 'DEBUG', other: 'ERROR' };
  const log = guestLog(folder, { now: () => 0, revoked: false } as unknown as Clock & { revoked: boolean }, (logger) => levels[logger] ?? 'INFO');
  const writeBoth = () => {
    for (const logger of ['one', 'other']) log.write({ level: 'DEBUG', thread: 't', logger, user: '', message: logger });
  };
  writeBoth();
  levels['other'] = 'DEBUG';
  writeBoth();
  await macrotask();

  expect((await readFile(join(folder, guestLogName), 'utf8')).trimEnd().split('\n').map((line) => line.split(' -:::::- ')[1])).toEqual(['one', 'one', 'other']);
});

test('a node that was killed writes no more', async () => {
  const { clock, write, messages } = await makeLog();
  write('INFO', 'alive');
  await macrotask();
  clock.revoked = true;
  write('ERROR', 'dead');
  await macrotask();

  expect(await messages()).toEqual(['alive']);
});
