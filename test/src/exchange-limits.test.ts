import { bootDeployment } from '@isesim/testing';
import { expect, it } from 'vitest';

const minuteMs = 60_000;
const startTime = Date.UTC(2026, 1, 2, 5);
const small = (limits: string) => `name: limits
startTime: 2026-02-02T05:00:00Z
nodes:
  - { name: ise-1, pan: primary, mnt: primary }
  - { name: psn-1, psn: true }
microsoft365: { limits: ${limits} }
`;

it('54 nodes share a mailbox that takes three mails at once: each mail is tried until it is sent, exactly once', async () => {
  // The times of Cisco's logs: without them submissions would not overlap in simulated time.
  await using deployment = await bootDeployment(`name: limits
startTime: 2026-02-02T05:00:00Z
nodes:
  - { name: pan-1, pan: primary }
  - { name: pan-2, pan: secondary }
  - { name: mnt-1, mnt: primary }
  - { name: mnt-2, mnt: secondary }
  - { name: psn, psn: true, count: 50 }
microsoft365: { latency: { token: 0.76s, connect: 4.5s, submit: 4.8s } }
`);
  const psns = deployment.nodes.filter(({ personas }) => personas.includes('psn')).map(({ name }) => name);
  await Promise.all([
    ...psns.map((node) => deployment.createGuest({ node, email: `${node}@guest.example` })),
    ...deployment.nodes.map(({ name }) => deployment.raiseAlarm({ node: name, name: `High CPU of ${name}` })),
  ]);
  await deployment.clock.advance('30m');

  const mails = await deployment.mails();
  expect(mails.filter(({ purpose }) => purpose === 'portal-notification').map(({ sentBy }) => sentBy).sort()).toEqual([...psns].sort());
  expect(mails.filter(({ purpose }) => purpose === 'alarm').map(({ subject }) => subject).sort()).toEqual(
    deployment.nodes.map(({ name }) => `ISE Alarm : Warning : High CPU of ${name}`).sort(),
  );
  const outbox = await deployment.outbox();
  expect(outbox.every(({ end }) => end?.end === 'accepted')).toBe(true);
  expect(outbox.some(({ end }) => (end?.attempts ?? 0) > 1)).toBe(true);
  expect(mostAtOnce(mails.map(({ acceptedAtSimulated }) => Date.parse(acceptedAtSimulated)), 4_800)).toBe(3);
  expect((await deployment.audit()).findings).toEqual([]);
});

it('100 guests of one minute get their mail accepted at once, and delivered thirty a minute', async () => {
  await using deployment = await bootDeployment(small('{}'));
  await createGuests(deployment, 100);
  const mails = await deployment.mails();
  expect(new Set(mails.map(({ acceptedAtSimulated }) => acceptedAtSimulated))).toEqual(new Set(['2026-02-02T05:00:00Z']));
  expect(deliveredByMinute(mails)).toEqual({ 0: 30, 1: 30, 2: 30, 3: 10 });
  expect((await deployment.outbox()).every(({ end }) => end?.attempts === 1)).toBe(true);
});

it('without limits they are delivered at once', async () => {
  await using deployment = await bootDeployment(small('off'));
  await createGuests(deployment, 100);
  expect(deliveredByMinute(await deployment.mails())).toEqual({ 0: 100 });
});

async function createGuests(deployment: Awaited<ReturnType<typeof bootDeployment>>, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, index) => deployment.createGuest({ node: 'psn-1', email: `guest${index}@guest.example` })));
}

function deliveredByMinute(mails: readonly { deliveredAtSimulated?: string | undefined }[]): Record<number, number> {
  const minutes: Record<number, number> = {};
  for (const { deliveredAtSimulated = '' } of mails) {
    const minute = Math.floor((Date.parse(deliveredAtSimulated) - startTime) / minuteMs);
    minutes[minute] = (minutes[minute] ?? 0) + 1;
  }
  return minutes;
}

/** The most submissions that were under way at one moment, when each took `durationMs` until it was accepted. */
function mostAtOnce(accepted: readonly number[], durationMs: number): number {
  return Math.max(...accepted.map((end) => accepted.filter((other) => other - durationMs < end && end <= other).length));
}
