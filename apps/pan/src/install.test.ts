import { seal, Secret } from '@isesim/domain';
import { expect, test } from 'vitest';
import { answerInstall } from './install.ts';
import { TestNode } from './test-node.ts';

const start = Date.parse('2026-02-02T05:00:00Z');
const guest = {
  id: 'g1', username: 'ana', password: 'x', firstName: '', lastName: '', email: 'ana@guest.example', type: 'Contractor', portal: 'sponsor',
  state: 'Created', createdAt: start, validFrom: start, validTo: start + 1,
};
const user = { name: 'jdoe', email: 'jdoe@contoso.example', passwordChanged: start, passwordNeverExpires: false };

function makePan() {
  const pan = new TestNode(start);
  answerInstall(pan.node);
  return pan;
}

test('the node writes the accounts, becomes primary, then writes the pages with their secrets opened', async () => {
  const pan = makePan();
  const smtp = { ...pan.pages['smtp-server'], authentication: { type: 'password', username: 'u', password: new Secret('hunter3') } };
  const pages = { portals: { portals: [] }, 'smtp-server': seal(smtp, pan.sealingKey) };
  await pan.ask('install-accounts', { accounts: [guest, user] });
  await pan.ask('install', { pages });

  expect(pan.events).toEqual(['wrote guest ana', 'wrote user jdoe', 'promoted', 'wrote portals, smtp-server']);
  expect(pan.pages['smtp-server']).toEqual(smtp);
});

test.each([
  { asker: 'psn-1', epoch: 0, code: 'not-allowed', message: 'psn-1 may not install a deployment' },
  { asker: 'operator', epoch: 1, code: 'installed', message: 'this deployment is installed already' },
])('$asker is refused in epoch $epoch, and nothing is written', async ({ asker, epoch, code, message }) => {
  const pan = makePan();
  pan.epoch = epoch;

  await expect(pan.ask('install-accounts', { accounts: [guest] }, asker)).rejects.toMatchObject({ kind: 'refused', code, message });
  await expect(pan.ask('install', { pages: {} }, asker)).rejects.toMatchObject({ kind: 'refused', code, message });
  expect(pan.events).toEqual([]);
});
