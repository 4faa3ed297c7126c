import { bootDeployment } from '@isesim/testing';
import { describe, expect, it } from 'vitest';
import { AnotherClient } from './fixtures/another-client.ts';

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

describe('a session that Exchange Online ends', () => {
  const short = small('{ sessionIdle: 1m, sessionLength: 5m }');
  const ends = ({ end }: { readonly end?: { readonly end: string; readonly attempts: number } | undefined }) => [end?.end, end?.attempts];

  it.each(['inline', 'process'] as const)('while a node keeps it for its next mail is no failure: that goes over another, in its first attempt (%s)', async (isolation) => {
    await using deployment = await bootDeployment(short, { isolation });
    for (const wait of ['59s', '1m', '61s', '10s', '4m', '1h']) {
      await deployment.createGuest({ node: 'psn-1', email: `after-${wait}@guest.example` });
      await deployment.raiseAlarm({ node: 'psn-1', name: `after ${wait}` });
      await deployment.clock.advance(wait);
    }
    expect((await deployment.outbox()).map(ends)).toEqual(Array.from({ length: 12 }, () => ['accepted', 1]));
    expect((await deployment.audit()).findings).toEqual([]);
  });

  it.each(['inline', 'process'] as const)('at the very instant at which its node has mail to send is no failure either (%s)', async (isolation) => {
    await using deployment = await bootDeployment(short, { isolation });
    await deployment.createGuest({ node: 'psn-1', email: 'ana@guest.example', type: 'Contractor', validFor: '5d' });
    await deployment.clock.advance('2026-02-04T04:59:00Z');
    await deployment.raiseAlarm({ node: 'ise-1', name: 'a minute before the notice' });
    await deployment.clock.advance('1m');
    expect((await deployment.mails({ purpose: 'guest-expiry' })).map(({ acceptedAtSimulated, sentBy }) => [acceptedAtSimulated, sentBy])).toEqual([['2026-02-04T05:00:00Z', 'ise-1']]);
    expect((await deployment.outbox()).map(ends)).toEqual(Array.from({ length: 3 }, () => ['accepted', 1]));
  });

  it.each(['inline', 'process'] as const)('is seen by a node that was paused then, when it goes on; time does not wait for it (%s)', async (isolation) => {
    await using deployment = await bootDeployment(short, { isolation });
    await deployment.createGuest({ node: 'psn-1', email: 'ana@guest.example' });
    await deployment.pause('psn-1');
    await deployment.clock.advance('1d');
    await deployment.heal();
    await deployment.createGuest({ node: 'psn-1', email: 'ben@guest.example' });
    expect((await deployment.outbox()).map(ends)).toEqual([['accepted', 1], ['accepted', 1]]);
  });

  it('does not outlive its node, which was killed', async () => {
    await using deployment = await bootDeployment(short);
    await deployment.createGuest({ node: 'psn-1', email: 'ana@guest.example' });
    await deployment.kill('psn-1');
    await deployment.clock.advance('1h');
    await deployment.start('psn-1');
    await deployment.createGuest({ node: 'psn-1', email: 'ben@guest.example' });
    expect((await deployment.outbox()).map(ends)).toEqual([['accepted', 1], ['accepted', 1]]);
  });

  it('through the proxy is seen by the node behind it', async () => {
    await using deployment = await bootDeployment(`${short}proxy: { host: proxy.contoso.example, port: 3128 }\n`);
    for (const email of ['ana@guest.example', 'ben@guest.example']) {
      await deployment.createGuest({ node: 'psn-1', email });
      await deployment.clock.advance('10m');
    }
    expect((await deployment.outbox()).map(ends)).toEqual([['accepted', 1], ['accepted', 1]]);
  });

  it('is seen by a client that only listens; one that never closes its own end holds up nothing', async () => {
    await using deployment = await bootDeployment(small('{}'));
    const silent = await new AnotherClient(deployment).keepSilent();
    await deployment.clock.advance('90d');
    expect(await silent.untilEnd).toMatch(/^220 .*\r\n421 4\.4\.1 Connection timed out\. Total session duration: 00:05:00\r\n$/);
    await deployment.clock.advance('90d');
    silent.leave();
  });
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
