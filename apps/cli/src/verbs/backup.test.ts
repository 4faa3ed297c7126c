import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backupSchema, type BackupContent } from '@isesim/domain';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { writeControlFile } from '../client/control-file.ts';
import { testSupervised } from '../operations/test-supervised.ts';
import { runCommand } from '../run-command.ts';
import { startControlServer, type ControlServer } from '../supervisor/control-server.ts';

const from = 'no-reply@contoso.onmicrosoft.com';
const passwords = { lifetimeDays: 45, reminderDays: 30 };
const content: BackupContent = {
  pages: {
    'trusted-certificates': { certificates: [] },
    proxy: { proxy: null },
    'alarm-notification': { from, additionalRecipients: [], clientSecretDays: [90, 60, 30], clientSecretDaily: true },
    'guest-email': { enabled: true, from, useSponsorAddress: false },
    'password-policy': { administrators: passwords, internalUsers: passwords, reminders: 'once' },
    administrators: { administrators: [] },
    sponsors: { sponsors: [] },
    'guest-types': { guestTypes: [] },
    portals: { portals: [] },
  },
  accounts: [],
};

let folder: string;
let server: ControlServer;
let written: string;
const restored: BackupContent[] = [];
const file = (name: string) => join(folder, name);

beforeEach(async () => {
  written = '';
  restored.length = 0;
  folder = mkdtempSync(join(tmpdir(), 'isesim-backup-'));
  vi.stubEnv('XDG_STATE_HOME', folder);
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written += String(text);
    return true;
  });
  server = await startControlServer({ token: 'token', onDown: () => undefined });
  server.serve(supervised());
  mkdirSync(file('isesim/test'), { recursive: true });
  await writeControlFile(file('isesim/test'), { name: 'test', pid: process.pid, url: server.url, token: 'token', startedAt: '' });
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await server.close();
  rmSync(folder, { recursive: true });
});

function supervised() {
  const { supervised: parts } = testSupervised();
  const restore = (given: BackupContent) => {
    restored.push(given);
    return Promise.resolve({ revision: 20, newPasswords: ['ana1234'] });
  };
  return { ...parts, deployment: Object.assign(parts.deployment, { settings: { backup: () => Promise.resolve(content), restore } }) };
}

test('a backup is written where the asker says, for its owner alone, and restored from there', async () => {
  expect(await runCommand(['backup', file('ise.json'), '--json'])).toBe(0);
  expect(JSON.parse(written)).toEqual({ schema: 'isesim/backup-file.v1', file: file('ise.json'), takenAt: '2026-02-02T05:00:00Z', accounts: 0 });
  expect(statSync(file('ise.json')).mode & 0o777).toBe(0o600);
  expect(backupSchema.parse(JSON.parse(readFileSync(file('ise.json'), 'utf8')))).toMatchObject({ deployment: 'test', ...content });

  written = '';
  expect(await runCommand(['restore', file('ise.json')])).toBe(0);
  expect(restored).toEqual([content]);
  expect(written).toContain('new passwords, which a backup does not hold: ana1234');
  expect(written).toContain('SMTP server: not configured');
});

test('a backup can go to standard output', async () => {
  expect(await runCommand(['backup', '-'])).toBe(0);
  expect(backupSchema.parse(JSON.parse(written))).toMatchObject(content);
});

test.each([
  ['backup without a file', ['backup'], 'usage'],
  ['backup into a folder that is not there', ['backup', 'none/ise.json'], 'file'],
  ['restore of a file that is not there', ['restore', 'none.json'], 'file'],
  ['restore of another file', ['restore', 'other.json'], 'backup-file'],
])('%s is wrong input, and restores nothing', async (_what, [verb = '', name], code) => {
  writeFileSync(file('other.json'), '{}');

  expect(await runCommand([verb, ...(name === undefined ? [] : [file(name)]), '--json'])).toBe(2);
  expect(JSON.parse(written)).toMatchObject({ error: { code } });
  expect(restored).toEqual([]);
});
