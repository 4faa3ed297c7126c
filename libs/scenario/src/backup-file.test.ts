import type { Backup, BackupContent } from '@isesim/domain';
import { expect, test } from 'vitest';
import { backupText, readBackup, restoreBackup, takeBackup } from './backup-file.ts';
import type { Stage } from './stage.ts';

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
  accounts: [{ kind: 'internal-user', user: { name: 'jdoe', email: 'jdoe@contoso.example', passwordChanged: 0, passwordNeverExpires: false } }],
};

function makeStage(name = 'medium') {
  const restored: BackupContent[] = [];
  const deployment = {
    topology: { name },
    now: () => Date.parse('2026-02-02T05:00:00Z'),
    settings: {
      backup: () => Promise.resolve(content),
      restore: (given: BackupContent) => {
        restored.push(given);
        return Promise.resolve({ revision: 20, newPasswords: [] });
      },
    },
  };
  return { stage: { deployment, folder: '/nowhere' } as unknown as Stage, restored };
}

test('what was backed up is restored', async () => {
  const { stage, restored } = makeStage();
  const text = backupText(await takeBackup(stage));

  expect(JSON.parse(text)).toMatchObject({ schema: 'isesim/backup.v1', deployment: 'medium', takenAt: '2026-02-02T05:00:00Z' });
  expect(await restoreBackup(stage, text, 'ise.json')).toEqual({ revision: 20, takenAt: '2026-02-02T05:00:00Z', newPasswords: [], smtpServer: 'not configured' });
  expect(restored).toEqual([content]);
});

test('a backup of another deployment is refused, and nothing is restored', async () => {
  const text = backupText(await takeBackup(makeStage('small').stage));
  const { stage, restored } = makeStage();

  await expect(restoreBackup(stage, text, 'ise.json')).rejects.toMatchObject({ kind: 'refused', code: 'other-deployment', message: 'ise.json is a backup of the deployment "small", not of "medium"' });
  expect(restored).toEqual([]);
});

test.each<{ what: string; spoil: (text: string) => string; message: string }>([
  { what: 'no JSON', spoil: () => 'name: medium', message: 'ise.json is not a backup of isesim' },
  { what: 'empty', spoil: () => '', message: 'ise.json is not a backup of isesim' },
  { what: 'cut off', spoil: (text) => text.slice(0, -20), message: 'ise.json is not a backup of isesim' },
  { what: 'JSON of something else', spoil: () => '["medium"]', message: 'ise.json is not a backup of isesim' },
  { what: 'of another format', spoil: (text) => text.replace('backup.v1', 'backup.v2'), message: 'ise.json has the format "isesim/backup.v2", not "isesim/backup.v1"' },
  { what: 'changed by hand', spoil: (text) => text.replace('jdoe@contoso', 'jdoe@fabrikam'), message: 'ise.json is damaged or was changed: its digest does not fit' },
  { what: 'without its digest', spoil: (text) => JSON.stringify({ ...(JSON.parse(text) as Backup), digest: undefined }), message: 'ise.json is damaged or was changed: its digest does not fit' },
  { what: 'given a page that is not restored', spoil: (text) => text.replace('"proxy": {', '"smtp-server": {}, "proxy": {'), message: 'ise.json is damaged or was changed: its digest does not fit' },
])('a file that is $what is no backup', async ({ spoil, message }) => {
  const text = backupText(await takeBackup(makeStage().stage));

  expect(readBackup(text, 'ise.json')).toMatchObject(content);
  expect(() => readBackup(spoil(text), 'ise.json')).toThrow(expect.objectContaining({ kind: 'wrong input', code: 'backup-file', message }) as Error);
});
