import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatInstant, parseDuration, parseFault, seededRandom, type Fault, type Purpose, type WrittenFault } from '@isesim/domain';
import { parseTopology } from '@isesim/topology';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { bootDeployment } from './boot-deployment.ts';
import { fetchNatsServer, findNatsServer } from './nats-server.ts';

// Whole systems start and stop here.
vi.setConfig({ testTimeout: 60_000 });

const exchange = 'smtp.office365.com';
const entra = 'login.microsoftonline.com';
const startTime = '2026-02-02T05:00:00Z';
const small = `
name: small
startTime: ${startTime}
nodes:
  - { name: ise-1, pan: primary, mnt: secondary }
  - { name: ise-2, pan: secondary, mnt: primary }
  - { name: psn, psn: true, count: 2 }
`;

/** A booted deployment with what these tests do to it. Defects of isesim fail the test at its end. */
async function boot(more = '', isolation: 'inline' | 'process' = 'inline') {
  const defects: unknown[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'isesim-faults-'));
  const booted = await bootDeployment({
    topology: parseTopology(small + more, { file: 'small', env: {} }),
    isolation,
    natsServer: (await findNatsServer(process.env)) ?? (await fetchNatsServer(process.env)),
    folder,
    seed: 1,
    onDefect: (what, error) => defects.push(new Error(what, { cause: error })),
  });
  const { deployment } = booted;
  onTestFinished(async () => {
    await booted.stop();
    expect(defects).toEqual([]);
  });
  return {
    deployment,
    fault: (written: WrittenFault) => deployment.addFault(parseFault(written)),
    createGuest: (node: string, email: string) => deployment.ask(node, 'create-guest', { portal: 'sponsor', email, type: 'Contractor', validForMs: parseDuration('5d') }),
    raiseAlarm: (node: string, name = 'Process Down') => deployment.ask(node, 'raise-alarm', { name, severity: 'Critical', details: '' }),
    advance: (by: string) => deployment.advance(deployment.now() + (parseDuration(by) ?? NaN)),
    mails: async (purpose?: Purpose) => {
      await deployment.quiet();
      return deployment.mails.all(purpose === undefined ? {} : { purpose });
    },
    status: (node: string) => deployment.states().find(({ name }) => name === node),
    saveSmtp: async () => {
      await deployment.settings.setSmtp({ connectionTimeoutMs: 30_000 });
      await deployment.ask('ise-1', 'smtp-test', {});
      const { revision } = await deployment.ask('ise-1', 'smtp-save', {});
      await deployment.quiet();
      return revision;
    },
    log: (node: string) => readFile(join(folder, 'nodes', node, 'guest.log'), 'utf8'),
    elapsedMs: () => deployment.now() - Date.parse(startTime),
  };
}

describe.each(['inline', 'process'] as const)('a fault on the way (%s)', (isolation) => {
  it('meets the node that it names alone, and over is over', async () => {
    const { fault, createGuest, advance, mails, deployment, log } = await boot('', isolation);
    await fault({ node: 'psn-1', to: exchange, fault: 'timeout' });
    await createGuest('psn-1', 'ana@guest.example');
    await createGuest('psn-2', 'bob@guest.example');
    expect((await mails()).map(({ to, sentBy }) => [to, sentBy])).toEqual([[['bob@guest.example'], 'psn-2']]);
    await advance('60s');
    expect(await log('psn-1')).toContain('ETIMEDOUT');
    await deployment.heal();
    await advance('1m');
    expect((await mails()).map(({ to, sentBy }) => [to, sentBy])).toContainEqual([['ana@guest.example'], 'psn-1']);
    expect(deployment.audit().findings).toEqual([]);
  });

  it('that begins is seen on connections that were open', async () => {
    const { fault, createGuest, mails, advance, log } = await boot('', isolation);
    await createGuest('psn-1', 'ana@guest.example');
    expect(await mails()).toHaveLength(1);
    await fault({ to: exchange, fault: 'reset' });
    await createGuest('psn-1', 'bob@guest.example');
    await advance('1s');
    expect(await mails()).toHaveLength(1);
    expect(await log('psn-1')).toContain('ECONNRESET');
  });
});

describe('a fault', () => {
  const deferred: { written: WrittenFault; says: string }[] = [
    { written: { to: exchange, fault: 'timeout' }, says: 'ETIMEDOUT' },
    { written: { to: exchange, fault: 'reset' }, says: 'ECONNRESET' },
    { written: { to: exchange, fault: 'hang' }, says: 'no answer' },
    { written: { to: exchange, fault: 'wrong-dns' }, says: 'ENOTFOUND' },
    { written: { to: exchange, fault: 'wrong-dns', address: '192.0.2.1' }, says: 'ETIMEDOUT 192.0.2.1' },
    { written: { to: exchange, fault: 'untrusted' }, says: 'unable to get' },
    { written: { to: exchange, fault: 'loss', rate: 1 }, says: 'ETIMEDOUT' },
    { written: { to: exchange, fault: 'slow', delay: '2m' }, says: 'ETIMEDOUT' },
    { written: { to: entra, fault: 'timeout' }, says: 'ETIMEDOUT' },
    { written: { to: entra, fault: 'reset' }, says: 'ECONNRESET' },
    { written: { to: entra, fault: 'reset', after: 'data' }, says: 'ECONNRESET' },
    { written: { to: entra, fault: 'hang' }, says: 'no answer' },
    { written: { to: entra, fault: 'wrong-dns' }, says: 'ENOTFOUND' },
    { written: { to: entra, fault: 'untrusted' }, says: 'unable to get' },
  ];

  it.each(deferred)('$written.fault to $written.to ($written.after $written.address) puts the mail off with "$says", and it leaves after heal', async ({ written, says }) => {
    const { fault, createGuest, advance, mails, deployment, log } = await boot();
    await fault(written);
    await createGuest('psn-1', 'ana@guest.example');
    await advance('60s');
    expect(await mails()).toEqual([]);
    expect(await log('psn-1')).toContain(says);
    await deployment.heal();
    await advance('10m');
    expect((await mails()).map(({ to, sentBy }) => [to, sentBy])).toEqual([[['ana@guest.example'], 'psn-1']]);
  });

  it('slow makes a mail late by its delay at every step', async () => {
    const { fault, createGuest, advance, mails } = await boot();
    await fault({ to: exchange, fault: 'slow', delay: '3s' });
    await createGuest('psn-1', 'ana@guest.example');
    await advance('1m');
    // To connect, for the greeting and TLS, to authenticate, and to submit.
    expect((await mails()).map(({ acceptedAtSimulated }) => acceptedAtSimulated)).toEqual([formatInstant(Date.parse(startTime) + 12_000)]);
  });

  it('loss makes some mails late, the same ones for the same seed, and loses none', async () => {
    const run = async () => {
      const { fault, createGuest, advance, mails } = await boot();
      await fault({ to: exchange, fault: 'loss', rate: 0.4 });
      for (let count = 1; count <= 5; count += 1) {
        await createGuest('psn-1', `guest${count}@guest.example`);
        await advance('3m');
      }
      await advance('1h');
      return (await mails()).map(({ to, acceptedAtSimulated }) => [to[0], acceptedAtSimulated]);
    };
    const first = await run();
    expect(new Set(first.map(([to]) => to)).size).toBe(5);
    expect(first.every(([, at]) => (Date.parse(at ?? '') - Date.parse(startTime)) % 180_000 === 0)).toBe(false);
    expect(await run()).toEqual(first);
  });

  it('reset after data leaves the sender in doubt: it sends the same message again', async () => {
    const { fault, createGuest, advance, mails, deployment } = await boot();
    await fault({ to: exchange, fault: 'reset', after: 'data' });
    await createGuest('psn-1', 'ana@guest.example');
    await mails();
    await deployment.heal();
    await advance('1m');
    const all = await mails();
    expect(all).toHaveLength(2);
    expect(new Set(all.map(({ messageId }) => messageId)).size).toBe(1);
  });

  it.each(['smtp.office365.com', 'login.microsoftonline.com'])('that begins in the middle breaks what is under way to %s, and time goes on', async (to) => {
    const { fault, createGuest, advance, mails, deployment, log } = await boot('microsoft365: { latency: { token: 10s, connect: 10s, submit: 10s } }\n');
    await createGuest('psn-1', 'ana@guest.example');
    await advance(to === exchange ? '25s' : '5s');
    await fault({ to, fault: 'wrong-dns' });
    await advance('1m');
    expect(await log('psn-1')).toContain('ENOTFOUND');
    await deployment.heal();
    await advance('10m');
    expect(new Set((await mails()).map(({ messageId }) => messageId)).size).toBe(1);
  });

  it('that is over lets at once through what waited for it', async () => {
    const { fault, createGuest, advance, mails, deployment, elapsedMs } = await boot();
    await fault({ to: exchange, fault: 'hang' });
    await createGuest('psn-1', 'ana@guest.example');
    await advance('20s');
    await deployment.heal({ to: exchange });
    expect(await mails()).toHaveLength(1);
    expect(elapsedMs()).toBe(20_000);
  });

  it('stands for a node that is started again', async () => {
    const { fault, createGuest, advance, mails, deployment } = await boot();
    await fault({ node: 'psn-1', to: exchange, fault: 'wrong-dns' });
    await deployment.kill('psn-1');
    await deployment.start('psn-1');
    await createGuest('psn-1', 'ana@guest.example');
    await advance('1m');
    expect(await mails()).toEqual([]);
  });

  it.each(['inline', 'process'] as const)('is seen in the attempts at what a node owes, as long as it runs (%s)', async (isolation) => {
    const { deployment, fault, createGuest, advance } = await boot('', isolation);
    await fault({ node: 'psn-1', to: exchange, fault: 'reset' });
    await createGuest('psn-1', 'ana@guest.example');
    await advance('1m');
    const [owed] = await deployment.outbox();
    expect(await deployment.attempts(['psn-1', 'psn-2'])).toEqual([
      { node: 'psn-1', notificationId: owed?.notification.id, count: 2, at: expect.any(Number) as number, outcome: { kind: 'deferred', stage: 'connect', reason: expect.stringContaining('ECONNRESET') as string, code: 'ECONNRESET' } },
    ]);
    await deployment.kill('psn-1');
    expect(await deployment.attempts(['psn-1', 'psn-2'])).toEqual([]);
  });

  it('from the topology is there before the first mail', async () => {
    const { createGuest, advance, mails, deployment } = await boot(`faults:\n  - { node: psn-1, to: ${exchange}, fault: timeout }\n`);
    expect(deployment.faults()).toEqual([{ node: 'psn-1', to: exchange, fault: 'timeout' }]);
    await createGuest('psn-1', 'ana@guest.example');
    await advance('1h');
    expect(await mails()).toEqual([]);
  });

  it('of Entra ID or Exchange Online reaches the double, from the topology and later', async () => {
    const { deployment, fault, createGuest, advance, mails, log } = await boot('faults:\n  - { fault: token-503 }\n');
    await createGuest('psn-1', 'ana@guest.example');
    await advance('1s');
    expect(await log('psn-1')).toContain('90033');
    await deployment.heal({ to: entra });
    await fault({ fault: 'exchange-421' });
    await advance('1m');
    expect(await mails()).toEqual([]);
    expect(await log('psn-1')).toContain('421 ');
    await deployment.heal();
    await advance('10m');
    expect(await mails()).toHaveLength(1);
  });

  it('for every node can be healed for one', async () => {
    const { fault, createGuest, advance, mails, deployment } = await boot();
    await fault({ to: exchange, fault: 'wrong-dns' });
    await deployment.heal({ node: 'psn-2' });
    await createGuest('psn-1', 'ana@guest.example');
    await createGuest('psn-2', 'bob@guest.example');
    await advance('1m');
    expect((await mails()).map(({ sentBy }) => sentBy)).toEqual(['psn-2']);
    expect(deployment.faults()).toHaveLength(3);
  });

  it.each<{ written: WrittenFault; message: string; remedy: string }>([
    { written: { node: 'psn-9', to: exchange, fault: 'timeout' }, message: 'there is no node "psn-9"', remedy: 'Did you mean psn-1 or psn-2? Use one of ise-1, ise-2, psn-1, psn-2.' },
    { written: { to: 'smtp.example.com', fault: 'timeout' }, message: 'ISE uses no host "smtp.example.com"', remedy: `Use one of ${exchange}, ${entra}, nats.` },
  ])('that names what is not there is refused: $message', async ({ written, message, remedy }) => {
    const { fault, deployment } = await boot();
    await expect(fault(written)).rejects.toMatchObject({ kind: 'wrong input', message, remedy });
    expect(deployment.faults()).toEqual([]);
  });
});

describe.each(['inline', 'process'] as const)('a node that is isolated (%s)', (isolation) => {
  it('gets no configuration, is Disconnected for the others, and catches up after heal', async () => {
    const { deployment, saveSmtp, status } = await boot('', isolation);
    const before = status('psn-2')?.settingsRevision;
    await deployment.isolate('psn-2');
    const revision = await saveSmtp();
    expect(status('psn-1')).toMatchObject({ status: 'Connected', settingsRevision: revision });
    expect(status('psn-2')).toMatchObject({ status: 'Disconnected', settingsRevision: before });
    expect(deployment.faults()).toEqual([{ fault: 'isolated', node: 'psn-2' }]);
    await deployment.heal();
    await deployment.quiet();
    expect(status('psn-2')).toMatchObject({ status: 'Connected', settingsRevision: revision });
  });

  it('holds what it held when it is started again meanwhile', async () => {
    const { deployment, saveSmtp, status } = await boot('', isolation);
    const before = status('psn-2')?.settingsRevision;
    await deployment.isolate('psn-2');
    const revision = await saveSmtp();
    await deployment.kill('psn-2');
    await deployment.start('psn-2');
    await deployment.quiet();
    expect(status('psn-2')).toMatchObject({ status: 'Disconnected', settingsRevision: before });
    await deployment.heal({ node: 'psn-2' });
    await deployment.quiet();
    expect(status('psn-2')).toMatchObject({ status: 'Connected', settingsRevision: revision });
  });
});

describe('a node that is isolated', () => {
  it('still sends what is in its own outbox', async () => {
    const { deployment, fault, createGuest, advance, mails } = await boot();
    await fault({ node: 'psn-1', to: exchange, fault: 'timeout' });
    await createGuest('psn-1', 'ana@guest.example');
    await deployment.isolate('psn-1');
    await deployment.heal({ to: exchange });
    await advance('10m');
    expect((await mails()).map(({ sentBy }) => sentBy)).toEqual(['psn-1']);
    expect(deployment.faults()).toEqual([{ fault: 'isolated', node: 'psn-1' }]);
  });

  it('creates no guest at its portal, since the PAN writes them, and says so', async () => {
    const { deployment, createGuest, elapsedMs } = await boot();
    await deployment.isolate('psn-1');
    await expect(createGuest('psn-1', 'ana@guest.example')).rejects.toMatchObject({
      kind: 'refused',
      code: 'cut-off',
      message: 'psn-1 is isolated from the other nodes, so no guest account can be written',
    });
    expect(elapsedMs()).toBe(0);
    await createGuest('psn-2', 'bob@guest.example');
  });

  it('hears nothing of what others ask, who are told so at once', async () => {
    const { deployment, createGuest, mails, elapsedMs } = await boot();
    await deployment.isolate('ise-1');
    await expect(createGuest('psn-1', 'ana@guest.example')).rejects.toMatchObject({
      code: 'unreachable',
      message: 'the primary PAN ise-1 is isolated from the other nodes, so no guest account can be written',
      remedy: 'Let it reach the other nodes again with "isesim heal --node ise-1". Or promote the secondary PAN: isesim node promote ise-2',
    });
    expect(elapsedMs()).toBe(0);
    await deployment.heal();
    expect(await mails()).toEqual([]);
    await createGuest('psn-1', 'ana@guest.example');
    expect(await mails()).toHaveLength(1);
  });

  it('as the primary PAN has no duty and saves no settings, and sends what is overdue after heal', async () => {
    const { deployment, createGuest, advance, mails, saveSmtp } = await boot();
    await createGuest('psn-1', 'ana@guest.example');
    await deployment.isolate('ise-1');
    await expect(saveSmtp()).rejects.toMatchObject({ code: 'cut-off', message: 'ise-1 is isolated from the other nodes, so it cannot change the configuration' });
    await expect(deployment.ask('ise-1', 'send-test-mail', { portal: 'sponsor', to: 'a@contoso.example' })).rejects.toMatchObject({ code: 'cut-off' });
    await advance('3d');
    expect(await mails('guest-expiry')).toEqual([]);
    await deployment.heal();
    await advance('1s');
    expect((await mails('guest-expiry')).map(({ sentBy }) => sentBy)).toEqual(['ise-1']);
    expect(deployment.audit().findings).toEqual([]);
  });

  it('tells its alarms when it reaches the others again, each once', async () => {
    const { deployment, raiseAlarm, mails } = await boot();
    await deployment.isolate('psn-1');
    await raiseAlarm('psn-1');
    await raiseAlarm('psn-1');
    await raiseAlarm('psn-2', 'High Load');
    expect(await mails('alarm')).toHaveLength(1);
    await deployment.heal();
    expect(await mails('alarm')).toHaveLength(3);
  });

  it('that is killed has its alarms told by its next incarnation', async () => {
    const { deployment, raiseAlarm, mails } = await boot('', 'process');
    await deployment.isolate('psn-1');
    await raiseAlarm('psn-1', 'Process Down');
    await deployment.kill('psn-1');
    await deployment.start('psn-1');
    expect(await mails('alarm')).toEqual([]);
    await deployment.heal();
    expect((await mails('alarm')).map(({ subject, sentBy }) => [subject, sentBy])).toEqual([['ISE Alarm : Critical : Process Down', 'ise-2']]);
  });

  it('as the active MnT mails the alarms that it missed after heal', async () => {
    const { deployment, raiseAlarm, mails } = await boot();
    await deployment.isolate('ise-2');
    await raiseAlarm('psn-1');
    await raiseAlarm('ise-2', 'High Load');
    expect(await mails('alarm')).toEqual([]);
    await deployment.heal();
    expect((await mails('alarm')).map(({ sentBy }) => sentBy)).toEqual(['ise-2', 'ise-2']);
  });

  it('can be isolated and healed again and again while time passes', async () => {
    const { deployment, createGuest, raiseAlarm, advance, mails, saveSmtp, status } = await boot();
    let revision = 0;
    for (let round = 1; round <= 4; round += 1) {
      await deployment.isolate('psn-2');
      await createGuest('psn-1', `guest${round}@guest.example`);
      await raiseAlarm('psn-2', `Alarm ${round}`);
      revision = await saveSmtp();
      await advance('1h');
      await deployment.heal();
    }
    expect(await mails('alarm')).toHaveLength(4);
    expect(await mails('portal-notification')).toHaveLength(4);
    expect(status('psn-2')?.settingsRevision).toBe(revision);
  });
});

describe.each(['inline', 'process'] as const)('a node without NATS (%s)', (isolation) => {
  it('refuses what is new, finishes what it has read, and tells how it ended when NATS is back', async () => {
    const { deployment, fault, createGuest, mails, advance, status } = await boot('microsoft365: { latency: { submit: 10s } }\n', isolation);
    await createGuest('psn-1', 'ana@guest.example');
    await deployment.quiet();
    await fault({ node: 'psn-1', to: 'nats', fault: 'timeout' });
    await advance('1m');
    expect((await mails()).map(({ sentBy }) => sentBy)).toEqual(['psn-1']);
    expect(status('psn-1')?.status).toBe('Disconnected');
    expect((await deployment.outbox()).map(({ end }) => end?.end)).toEqual([undefined]);
    await expect(createGuest('psn-1', 'bob@guest.example')).rejects.toMatchObject({ code: 'cut-off' });
    await deployment.heal();
    await deployment.quiet();
    expect((await deployment.outbox()).map(({ end }) => end?.end)).toEqual(['accepted']);
    expect(status('psn-1')?.status).toBe('Connected');
  });
});

describe('a node without NATS', () => {
  it('as the primary PAN sends what fell due when NATS is back', async () => {
    const { deployment, fault, createGuest, mails, advance } = await boot();
    await createGuest('psn-1', 'ana@guest.example');
    await fault({ node: 'ise-1', to: 'nats', fault: 'reset' });
    await advance('3d');
    expect(await mails('guest-expiry')).toEqual([]);
    await deployment.heal();
    await advance('1s');
    expect((await mails('guest-expiry')).map(({ sentBy }) => sentBy)).toEqual(['ise-1']);
  });

  it('cannot be started, and is told what to do', async () => {
    const { deployment, fault } = await boot();
    await fault({ node: 'psn-1', to: 'nats', fault: 'timeout' });
    await deployment.kill('psn-1');
    await expect(deployment.start('psn-1')).rejects.toMatchObject({ code: 'cut-off', remedy: 'End the fault with "isesim heal --node psn-1 --to nats".' });
    await deployment.heal({ node: 'psn-1', to: 'nats' });
    await deployment.start('psn-1');
  });
});

describe.each(['inline', 'process'] as const)('a primary PAN that is down (%s)', (isolation) => {
  it('refuses at once whoever asks it, and answers when it is back', async () => {
    const { deployment, createGuest, mails, elapsedMs } = await boot('', isolation);
    await deployment.kill('ise-1');
    await expect(createGuest('psn-1', 'ana@guest.example')).rejects.toMatchObject({
      kind: 'refused',
      code: 'unreachable',
      message: 'the primary PAN ise-1 is not running, so no guest account can be written',
      remedy: 'Start it with "isesim node start ise-1". Or promote the secondary PAN: isesim node promote ise-2',
    });
    expect(elapsedMs()).toBe(0);
    await deployment.start('ise-1');
    await createGuest('psn-1', 'ana@guest.example');
    expect(await mails()).toHaveLength(1);
  });
});

describe('a primary PAN that is down', () => {
  it('is waited for when it is paused, since it may come back', async () => {
    const { deployment, createGuest, elapsedMs } = await boot();
    await deployment.pause('ise-1');
    await expect(createGuest('psn-1', 'ana@guest.example')).rejects.toThrow('ise-1 did not answer "write-guest" within 10 s');
    expect(elapsedMs()).toBe(10_000);
  });

  it('is known to be down by a node that starts meanwhile', async () => {
    const { deployment, createGuest } = await boot();
    await deployment.kill('ise-1');
    await deployment.kill('psn-1');
    await deployment.start('psn-1');
    await expect(createGuest('psn-1', 'ana@guest.example')).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('without NATS is told to be so', async () => {
    const { fault, createGuest } = await boot();
    await fault({ node: 'ise-1', to: 'nats', fault: 'hang' });
    await expect(createGuest('psn-1', 'ana@guest.example')).rejects.toMatchObject({
      message: 'the primary PAN ise-1 is cut off from NATS, so no guest account can be written',
      remedy: 'End the fault with "isesim heal --node ise-1 --to nats". Or promote the secondary PAN: isesim node promote ise-2',
    });
  });
});

describe('a slow way to NATS', () => {
  it('lets settings reach the node late, in order, and the others at once', async () => {
    const { deployment, fault, saveSmtp, advance, status } = await boot();
    const before = status('psn-2')?.settingsRevision;
    await fault({ node: 'psn-2', to: 'nats', fault: 'slow', delay: '3s' });
    const first = await saveSmtp();
    await advance('1s');
    const second = await saveSmtp();
    expect([status('psn-1'), status('psn-2')].map((node) => [node?.status, node?.settingsRevision])).toEqual([['Connected', second], ['Connected', before]]);
    await advance('2s');
    expect(status('psn-2')?.settingsRevision).toBe(first);
    await advance('1s');
    expect(status('psn-2')?.settingsRevision).toBe(second);
    expect(deployment.audit().findings).toEqual([]);
  });

  it('lets a slow primary PAN save settings, one after the other', async () => {
    const { fault, saveSmtp, status, elapsedMs } = await boot();
    await fault({ node: 'ise-1', to: 'nats', fault: 'slow', delay: '2s' });
    await saveSmtp();
    const revision = await saveSmtp();
    expect(status('ise-1')?.settingsRevision).toBe(revision);
    expect(elapsedMs()).toBe(4_000);
  });

  it('makes a request late, and heal lets at once through what is on its way', async () => {
    const { deployment, fault, createGuest, mails, elapsedMs, advance } = await boot();
    await fault({ node: 'psn-1', to: 'nats', fault: 'slow', delay: '2s' });
    await createGuest('psn-1', 'ana@guest.example');
    await advance('1m');
    const [late] = await mails();
    expect(late && Date.parse(late.acceptedAtSimulated) - Date.parse(startTime)).toBeGreaterThanOrEqual(4_000);
    const before = elapsedMs();
    const made = createGuest('psn-1', 'bob@guest.example');
    await deployment.heal();
    await made;
    expect(await mails()).toHaveLength(2);
    expect(elapsedMs() - before).toBeLessThanOrEqual(2_000);
  });

  it('that takes as long as a node waits leaves its requests without an answer', async () => {
    const { fault, createGuest, elapsedMs } = await boot();
    await fault({ node: 'psn-1', to: 'nats', fault: 'slow' });
    await expect(createGuest('psn-1', 'ana@guest.example')).rejects.toMatchObject({ code: 'no-answer', message: 'ise-1 did not answer "write-guest" within 10 s: the way from psn-1 to NATS takes as long' });
    expect(elapsedMs()).toBe(10_000);
  });

  it('holds up no start: a boot takes no simulated time', async () => {
    const { deployment, fault, status, saveSmtp, elapsedMs, advance } = await boot();
    await fault({ node: 'psn-2', to: 'nats', fault: 'slow', delay: '5s' });
    await deployment.kill('psn-2');
    const revision = await saveSmtp();
    await deployment.start('psn-2');
    expect(status('psn-2')).toMatchObject({ status: 'Connected', settingsRevision: revision });
    expect(elapsedMs()).toBe(0);
    const later = await saveSmtp();
    expect(status('psn-2')?.settingsRevision).toBe(revision);
    await advance('5s');
    expect(status('psn-2')?.settingsRevision).toBe(later);
  });
});

describe('a lossy way to NATS', () => {
  it('brings every alarm late and once, the same ones as late for the same seed', async () => {
    const run = async () => {
      const { deployment, fault, raiseAlarm, advance, mails, elapsedMs } = await boot();
      await fault({ node: 'psn-1', to: 'nats', fault: 'loss', rate: 0.6 });
      for (let count = 1; count <= 6; count += 1) await raiseAlarm('psn-1', `Alarm ${count}`);
      expect(elapsedMs()).toBe(0);
      expect((await mails('alarm')).length).toBeLessThan(6);
      await advance('2h');
      expect(deployment.audit().findings).toEqual([]);
      return (await mails('alarm')).map(({ subject, acceptedAtSimulated }) => [subject, acceptedAtSimulated]);
    };
    const first = await run();
    expect(first).toHaveLength(6);
    // What is lost holds up what comes behind it.
    expect(first.map(([subject]) => /Alarm \d/.exec(subject ?? '')?.[0])).toEqual([1, 2, 3, 4, 5, 6].map((count) => `Alarm ${count}`));
    expect(await run()).toEqual(first);
  });

  it('on which everything is lost cuts the node off', async () => {
    const { fault, status } = await boot();
    await fault({ node: 'psn-1', to: 'nats', fault: 'loss', rate: 1 });
    expect(status('psn-1')).toMatchObject({ status: 'Disconnected', reason: 'cut off from NATS' });
  });
});

describe('a node that does not trust the certificate of the deployment', () => {
  it('gets no configuration and is Disconnected, says why, and still sends what is in its own outbox', async () => {
    const { deployment, fault, createGuest, saveSmtp, status, mails, advance } = await boot();
    await fault({ node: 'psn-1', to: exchange, fault: 'timeout' });
    await createGuest('psn-1', 'ana@guest.example');
    await fault({ node: 'psn-1', to: 'nats', fault: 'untrusted' });
    const before = status('psn-1')?.settingsRevision;
    const revision = await saveSmtp();
    expect(status('psn-1')).toMatchObject({ status: 'Disconnected', reason: 'does not trust the certificate of the deployment', settingsRevision: before });
    await expect(createGuest('psn-1', 'bob@guest.example')).rejects.toMatchObject({ code: 'cut-off', message: 'psn-1 does not trust the certificate of the deployment, so no guest account can be written' });
    await deployment.heal({ to: exchange });
    await advance('10m');
    expect((await mails()).map(({ to }) => to)).toEqual([['ana@guest.example']]);
    await deployment.heal();
    await deployment.quiet();
    expect(status('psn-1')).toMatchObject({ status: 'Connected', settingsRevision: revision });
  });
});

it('faults on the way to NATS stand from the start of a topology that has them', async () => {
  const { deployment, status, saveSmtp, advance } = await boot('faults:\n  - { node: psn-1, to: nats, fault: slow, delay: 4s }\n  - { node: psn-2, to: nats, fault: timeout }\n');
  expect(deployment.faults()).toHaveLength(2);
  expect(status('psn-2')).toMatchObject({ status: 'Disconnected', reason: 'cut off from NATS' });
  const before = status('psn-1')?.settingsRevision;
  const revision = await saveSmtp();
  expect(status('psn-1')?.settingsRevision).toBe(before);
  await advance('4s');
  expect(status('psn-1')?.settingsRevision).toBe(revision);
});

it('whatever breaks and is healed in whatever order, every mail arrives, from the right node', async () => {
  const { deployment, fault, createGuest, raiseAlarm, advance, mails } = await boot('microsoft365: { latency: { token: 1s, connect: 1s, submit: 4s } }\n');
  const random = seededRandom(Number(process.env['ISESIM_SEED'] ?? 1), 'faults');
  const pick = <T>(cause: string, all: readonly T[]): T => all[Math.floor(random.fraction(cause) * all.length)] as T;
  const kinds = ['timeout', 'slow', 'loss', 'reset', 'hang', 'wrong-dns', 'untrusted'] as const;
  const guests: string[] = [];
  for (let round = 1; round <= 25; round += 1) {
    const node = pick(`node ${round}`, ['ise-1', 'ise-2', 'psn-1', 'psn-2']);
    const email = `guest${round}@guest.example`;
    await createGuest(pick(`psn ${round}`, ['psn-1', 'psn-2']), email).then(() => guests.push(email), () => undefined);
    await raiseAlarm('psn-1', `Alarm ${round}`).catch(() => undefined);
    const deed = pick(`deed ${round}`, ['fault', 'fault', 'isolate', 'nats', 'heal', 'kill']);
    if (deed === 'fault') await fault({ node, to: pick(`to ${round}`, [exchange, entra]), fault: pick(`kind ${round}`, kinds) });
    if (deed === 'isolate') await deployment.isolate(node);
    if (deed === 'nats') await fault({ node, to: 'nats', fault: pick(`way ${round}`, kinds) });
    if (round % 5 === 0) await deployment.heal();
    if (deed === 'heal') await deployment.heal(pick(`healed ${round}`, [{}, { node }, { to: exchange }]));
    if (deed === 'kill') {
      await deployment.heal({ node, to: 'nats' });
      await deployment.kill(node);
      await deployment.start(node);
    }
    await advance(`${1 + Math.floor(random.fraction(`wait ${round}`) * 40)}s`);
  }
  await deployment.heal();
  await advance('4d');
  const told = await mails();
  const reached = (purpose: Purpose) => new Set(told.filter((mail) => mail.purpose === purpose).flatMap(({ to }) => to));
  expect(guests.length).toBeGreaterThan(5);
  expect([...reached('portal-notification')].sort()).toEqual(expect.arrayContaining([...guests].sort()));
  expect([...reached('guest-expiry')].sort()).toEqual(expect.arrayContaining([...guests].sort()));
  expect(deployment.audit().findings).toEqual([]);
});

describe('heal', () => {
  it('lets paused nodes go on with the faults that stand by then', async () => {
    const { deployment, fault, createGuest, advance, mails } = await boot();
    await deployment.pause('psn-1');
    await fault({ to: exchange, fault: 'wrong-dns' });
    await deployment.heal({ to: entra });
    expect(deployment.states().find(({ name }) => name === 'psn-1')?.status).toBe('Disconnected');
    await deployment.heal({ node: 'psn-2' });
    await deployment.addFault({ node: 'psn-1', to: entra, fault: 'hang' } satisfies Fault);
    await deployment.heal({ node: 'psn-1' });
    await createGuest('psn-1', 'ana@guest.example');
    await advance('1m');
    expect((await mails()).map(({ sentBy }) => sentBy)).toEqual(['psn-1']);
  });

  it('starts no node that was killed', async () => {
    const { deployment, status } = await boot();
    await deployment.kill('psn-1');
    await deployment.heal();
    expect(status('psn-1')?.status).toBe('Disconnected');
  });

  it('refuses the name of a node that is not there', async () => {
    const { deployment } = await boot();
    await expect(deployment.heal({ node: 'psn-9' })).rejects.toMatchObject({ kind: 'wrong input', message: 'there is no node "psn-9"' });
  });
});
