import { appendFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logComponents } from '@isesim/domain';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { componentNames, isComponent } from './log-component.ts';
import { isOfComponent, lastLines, linesOfComponent, parseLogLine, readLog } from './read-log.ts';

const line = '2026-02-02 05:17:34,608 INFO   [admin-http-pool139][[]] cpm.guestaccess.apiservices.util.SmtpMsgRetryThreadUtil -::admin:::- sendMailMessage: Submitting Mail Job';
let folder: string;
let path: string;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'isesim-log-')), 'psn-1');
  await mkdir(folder);
  path = join(folder, 'guest.log');
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

test('a line falls into its parts', () => {
  expect(parseLogLine(line)).toEqual({
    line,
    time: '2026-02-02T05:17:34.608Z',
    level: 'INFO',
    thread: 'admin-http-pool139',
    logger: 'cpm.guestaccess.apiservices.util.SmtpMsgRetryThreadUtil',
    user: 'admin',
    message: 'sendMailMessage: Submitting Mail Job',
  });
});

test('what is in no known form stays whole', () => {
  expect(parseLogLine('  at somewhere')).toEqual({ line: '  at somewhere' });
});

test.each([
  ['cpm.guestaccess.apiservices.util.SmtpSession', 'guestaccess', true],
  ['cpm.guestaccess.apiservices.util.SmtpSession', 'guest-access', true],
  ['cpm.guestaccess.apiservices.util.SmtpSession', 'guest-access-admin', false],
  ['cpm.admin.guestaccess.action.SmtpServerSettingsAction', 'guest-access-admin', true],
  ['cpm.admin.guestaccess.action.SmtpServerSettingsAction', 'guestaccess', false],
  ['isesim.replication', 'replication', true],
  ['isesim.mail', 'guestaccess', false],
])('that %s is of the component %s: %s', (logger, component, expected) => {
  expect(isOfComponent(logger, component)).toBe(expected);
});

test('a message that goes on in further lines keeps them, and those of other components go with theirs', async () => {
  const ours = line.replace('cpm.guestaccess.apiservices.util.SmtpMsgRetryThreadUtil', 'isesim.mail');
  await appendFile(path, [line, 'nested exception is:', ours, 'of ours', line, ''].join('\n'));

  expect(await all(linesOfComponent(readLog(path, { follow: false }), 'guestaccess'))).toEqual([line, 'nested exception is:', line]);
  expect(await all(linesOfComponent(readLog(path, { follow: false }), undefined))).toHaveLength(5);
});

test('a log is read to its end; a node that has not logged has none', async () => {
  expect(await all(readLog(path, { follow: false }))).toEqual([]);
  await appendFile(path, 'one\ntwo\nhalf');
  expect(await all(readLog(path, { follow: false }))).toEqual(['one', 'two']);
});

test("ISE's components are among those that can be asked for, and a word that logs nothing is not", () => {
  expect(componentNames).toEqual(expect.arrayContaining([...logComponents]));
  expect(['guestaccess', 'guest-access', 'Replication', 'mail', 'foo', ''].map(isComponent)).toEqual([true, true, true, true, false, false]);
});

test.each([
  [0, []],
  [2, ['two', 'three']],
  [9, ['one', 'two', 'three']],
])('the last %d lines', async (count, expected) => {
  await appendFile(path, 'one\ntwo\nthree\n');
  expect(await all(lastLines((follow) => readLog(path, { follow }), count, false))).toEqual(expected);
});

test('who follows from the last line on gets those that come', async () => {
  const lines: string[] = [];
  await appendFile(path, 'one\ntwo\n');
  const followed = (async () => {
    for await (const each of lastLines((follow) => readLog(path, { follow }), 1, true)) lines.push(each);
  })();
  await expect.poll(() => lines).toEqual(['two']);
  await appendFile(path, 'three\n');
  await expect.poll(() => lines).toEqual(['two', 'three']);
  await rm(folder, { recursive: true });
  await followed;
});

test('who follows gets whole lines only, until the folder is gone', async () => {
  const lines: string[] = [];
  const followed = (async () => {
    for await (const each of readLog(path, { follow: true })) lines.push(each);
  })();
  const umlaut = Buffer.from('für\n');
  await appendFile(path, Buffer.concat([Buffer.from('one\n'), umlaut.subarray(0, 2)]));
  await expect.poll(() => lines).toEqual(['one']);
  await appendFile(path, umlaut.subarray(2));
  await expect.poll(() => lines).toEqual(['one', 'für']);
  await rm(folder, { recursive: true });
  await followed;
});

async function all(lines: AsyncIterable<string>): Promise<string[]> {
  const list: string[] = [];
  for await (const each of lines) list.push(each);
  return list;
}
