import { bootDeployment } from '@isesim/testing';
import { expect, it } from 'vitest';

const topology = (faults = '[]') => `name: faults
startTime: 2026-02-02T05:00:00Z
nodes:
  - { name: ise-1, pan: primary, mnt: primary }
  - { name: psn-1, psn: true }
faults: ${faults}
`;

it.each([
  ['{ fault: token-429, count: 2 }', 3],
  ['{ fault: token-503, count: 1, retryAfter: 10s }', 2],
  ['{ fault: exchange-421, count: 2 }', 3],
  ['{ fault: exchange-421, stage: mail, count: 1 }', 2],
  ['{ fault: exchange-432, count: 3 }', 4],
  ['{ fault: exchange-451, count: 1 }', 2],
  ['{ fault: exchange-451, stage: rcpt, count: 1 }', 2],
])('with %s from the start a mail is sent in attempt %i, once', async (fault, attempts) => {
  await using deployment = await bootDeployment(topology(`[${fault}]`));
  await deployment.createGuest({ node: 'psn-1', email: 'ana@guest.example' });
  expect(await deployment.mails()).toEqual([]);
  await deployment.clock.advance('10m');
  expect((await deployment.mails()).map(({ to }) => to)).toEqual([['ana@guest.example']]);
  expect((await deployment.outbox()).map(({ end }) => [end?.end, end?.attempts])).toEqual([['accepted', attempts]]);
});

it('a fault without a count stands until it is healed; then what waited is sent', async () => {
  await using deployment = await bootDeployment(topology());
  await deployment.fault({ fault: 'exchange-421' });
  await deployment.createGuest({ node: 'psn-1', email: 'ana@guest.example' });
  await deployment.clock.advance('2h');
  expect(await deployment.mails()).toEqual([]);
  expect(await deployment.guestLog('psn-1')).toContain('421 4.3.2 Service not available');
  await deployment.heal({});
  await deployment.clock.advance('15m');
  expect(await deployment.mails()).toHaveLength(1);
});

it.each(['token-429', 'token-503'])("after %s a node asks for no token before Entra ID's Retry-After has passed, for whatever mail", async (fault) => {
  await using deployment = await bootDeployment(topology(`[{ fault: ${fault}, count: 1, retryAfter: 5m }]`));
  await deployment.createGuest({ node: 'psn-1', email: 'ana@guest.example' });
  await deployment.clock.advance('1m');
  await deployment.createGuest({ node: 'psn-1', email: 'ben@guest.example' });
  await deployment.clock.advance('239s');
  expect(await deployment.mails()).toEqual([]);
  expect(await deployment.guestLog('psn-1')).toContain('not asked again for another 4m');
  await deployment.clock.advance('1s');
  expect((await deployment.mails()).map(({ to, acceptedAtSimulated }) => [to[0], acceptedAtSimulated]).sort()).toEqual([
    ['ana@guest.example', '2026-02-02T05:05:00Z'],
    ['ben@guest.example', '2026-02-02T05:05:00Z'],
  ]);
});
