import { expect, test } from 'vitest';
import { flagProblem } from './flag-problem.ts';
import type { Call } from './operation.ts';
import { operationNamed } from './operations.ts';
import { testSupervised } from './test-supervised.ts';

const call: Call = { signal: new AbortController().signal, emit: () => undefined };

/** As the control server does it: parse, then run. What a step answers comes without how it reads. */
async function run(world: ReturnType<typeof testSupervised>, name: string, given: object, how: Partial<Call> = {}): Promise<unknown> {
  const operation = operationNamed(name);
  if (!operation) throw new RangeError(`no operation ${name}`);
  const parsed = operation.takes.safeParse(given);
  if (!parsed.success) throw flagProblem(parsed.error.issues, given);
  const answered = (await operation.run(world.supervised, parsed.data, { ...call, ...how })) as Record<string, unknown>;
  return 'says' in answered ? answered['answer'] : answered;
}

test('a guest is created on the first PSN that runs, at the first sponsor portal', async () => {
  const world = testSupervised();
  await run(world, 'node-kill', { node: 'psn-1' });
  await run(world, 'guest-create', { email: 'ana@guest.example', validFor: '5d' });
  expect(world.asked).toEqual([{ node: 'psn-2', verb: 'create-guest', value: { email: 'ana@guest.example', portal: 'sponsor', validForMs: 432_000_000 } }]);
});

test('a guest registers at the first self-registration portal', async () => {
  const world = testSupervised();
  await run(world, 'guest-self-register', { email: 'ana@guest.example', node: 'psn-2' });
  expect(world.asked).toMatchObject([{ node: 'psn-2', verb: 'self-register', value: { portal: 'self-registered' } }]);
});

test('without a running PSN no portal can be reached', async () => {
  const world = testSupervised();
  for (const node of ['psn-1', 'psn-2']) await run(world, 'node-kill', { node });
  await expect(run(world, 'guest-create', { email: 'ana@guest.example' })).rejects.toMatchObject({ kind: 'refused', code: 'no-psn' });
});

test.each([
  ['guest-create', {}, '--email is missing'],
  ['guest-create', { email: 'ana@guest.example', validFor: '5' }, '--valid-for is "5"'],
  ['alarm-raise', { name: 'x', severity: 'Bad' }, '--severity is "Bad"'],
  ['mail-ls', { purpose: 'alrm' }, '--purpose is "alrm"'],
  ['mail-ls', { sentBy: 'psn-9' }, '--sent-by: there is no node "psn-9"'],
  ['mail-wait', { timeout: '30' }, '--timeout "30" is not a duration'],
  ['clock-advance', { argument: '90' }, '<when> is "90"'],
  ['clock-advance', { argument: '3d', by: '2d' }, '"3d" is left over: --by "2d" is given, too'],
  ['clock-advance', {}, '<when> is missing'],
  ['guest-create', { argument: 'one@guest.example', email: 'two@guest.example' }, '"one@guest.example" is left over: --email "two@guest.example" is given, too'],
  ['alarm-raise', { argument: 'psn-1', name: 'High CPU' }, '"psn-1" is left over: --name "High CPU" is given, too'],
  ['fault-add', { to: 'nats', fault: 'wrong-dns', rate: '0.2' }, '--rate is "0.2"'],
  ['fault-add', { to: 'nats', fault: 'loss', rate: '0' }, '--rate is "0"'],
  ['fault-add', { fault: 'timeout' }, '--to is missing'],
  ['smtp-set', { clientSecret: '' }, 'the secret of --client-secret-file is none'],
  ['smtp-set', { host: 'a b' }, '--host is "a b"'],
  ['proxy-set', { host: 'x y', port: '8080' }, '--host is "x y"'],
  ['proxy-set', { host: 'proxy.example', port: '8080', bypass: 'a.example,b c' }, '--bypass is "a.example,b c"'],
  ['clock-advance', { argument: '2026-01-01' }, '2026-01-01T00:00:00Z has passed: it is 2026-02-02T05:00:00Z'],
  ['log-file', { node: 'psn-9' }, 'there is no node "psn-9"'],
  ['mail-show', { id: 'none' }, 'there is no mail "none"'],
] as const)('%s %j: %s', async (name, given, message) => {
  await expect(run(testSupervised(), name, given)).rejects.toMatchObject({ kind: 'wrong input', message });
});

test('the status has the fields of its contract', async () => {
  const status = await run(testSupervised(), 'status', {});
  expect(status).toMatchObject({
    deployment: 'test',
    clock: { now: '2026-02-02T05:00:00Z', time: 'stepped' },
    nats: { url: 'nats://127.0.0.1:4222' },
    microsoft365: { login: { host: '127.0.0.1', port: 1 }, smtp: { host: '127.0.0.1', port: 2 }, caFile: '/state/test/ca.pem' },
  });
  expect((status as { nodes: unknown[] }).nodes[0]).toEqual({
    name: 'ise-1',
    fqdn: 'ise-1.ise.example',
    address: '127.1.1.1',
    personas: ['pan', 'mnt'],
    roles: { pan: 'primary', mnt: 'primary' },
    duties: ['primary PAN', 'active MnT'],
    status: 'Connected',
    settingsRevision: 7,
    pid: 1,
  });
});

test('the clock advances by a duration and to a date', async () => {
  const world = testSupervised();
  expect(await run(world, 'clock-advance', { argument: '3d' })).toMatchObject({ from: '2026-02-02T05:00:00Z', now: '2026-02-05T05:00:00Z' });
  expect(await run(world, 'clock-advance', { argument: '2026-02-10' })).toMatchObject({ now: '2026-02-10T00:00:00Z' });
});

test('what keeps an advance waiting is told while it waits', async () => {
  const world = testSupervised();
  const items: object[] = [];
  const advanced = run(world, 'clock-advance', { argument: '3d' }, { emit: (item) => items.push(item) });
  world.stall(['psn-1: mail guest-1']);
  await advanced;
  world.stall(['too late']);
  expect(items).toEqual([{ notice: 'still waiting for psn-1: mail guest-1' }]);
});

test('a wait takes a mail that was accepted before', async () => {
  const world = testSupervised();
  world.accept({ id: 'early', purpose: 'alarm' });
  expect(await run(world, 'mail-wait', { purpose: 'alarm', timeout: '30s' })).toMatchObject({ mail: { id: 'early' } });
});

test('a wait ends with the first mail that fits', async () => {
  const world = testSupervised();
  const waited = run(world, 'mail-wait', { to: 'ana@guest.example', timeout: '30s' });
  world.accept({ id: 'other' });
  world.accept({ id: 'hers', to: ['ben@guest.example', 'ana@guest.example'] });
  expect(await waited).toMatchObject({ mail: { id: 'hers' } });
  expect(world.listeners.size).toBe(0);
});

test('a wait that ends without a mail tells which was nearest', async () => {
  const world = testSupervised();
  world.accept({ id: 'near', sentBy: 'psn-1' });
  world.accept({ id: 'far', purpose: 'portal-test', sentBy: 'psn-1', to: ['x@y.example'] });
  expect(await run(world, 'mail-wait', { purpose: 'alarm', sentBy: 'ise-1', timeout: '0s' })).toMatchObject({
    missed: { nearest: { id: 'near' }, differs: [{ field: 'sentBy', wanted: 'ise-1', found: 'psn-1' }] },
  });
});

test('a wait is refused when the deployment stops', async () => {
  const stopping = new AbortController();
  const waited = run(testSupervised(), 'mail-wait', { timeout: '30s' }, { signal: stopping.signal });
  stopping.abort();
  await expect(waited).rejects.toMatchObject({ kind: 'refused', code: 'stopped' });
});

test('a tail sends what is accepted from now on and fits, until its asker is gone', async () => {
  const world = testSupervised();
  const gone = new AbortController();
  const items: object[] = [];
  world.accept({ id: 'before' });
  const tailed = run(world, 'mail-tail', { purpose: 'alarm' }, { signal: gone.signal, emit: (item) => items.push(item) });
  world.accept({ id: 'fits' });
  world.accept({ id: 'fits not', purpose: 'portal-test' });
  gone.abort();
  expect(await tailed).toEqual({});
  expect(items).toMatchObject([{ mail: { id: 'fits' } }]);
});

test('a wait without a timeout ends where simulated time stands still, when nothing happens any more', async () => {
  const world = testSupervised({ due: [{ at: Date.parse('2026-02-04T05:00:00Z'), happens: () => undefined }] });
  world.accept({ id: 'near', sentBy: 'psn-1' });
  expect(await run(world, 'mail-wait', { purpose: 'portal-test' })).toMatchObject({ mails: [], missed: { nearest: { id: 'near' } }, stands: { nextDue: '2026-02-04T05:00:00Z' } });
  expect(world.listeners.size).toBe(0);
});

test('a mail is shown by as much of its id as only it has', async () => {
  const world = testSupervised();
  for (const id of ['0f8b1c', '0f8b2d', '77']) world.accept({ id });
  expect(await run(world, 'mail-show', { id: '0f8b2' })).toMatchObject({ mail: { id: '0f8b2d' } });
  expect(await run(world, 'mail-show', { id: '77' })).toMatchObject({ mail: { id: '77' } });
  await expect(run(world, 'mail-show', { id: '0f8b' })).rejects.toMatchObject({ kind: 'wrong input', message: '2 mails have an id that begins with "0f8b"', remedy: 'Write more of it, as 0f8b1c or 0f8b2d.' });
  await expect(run(world, 'mail-show', { id: '' })).rejects.toMatchObject({ message: 'there is no mail ""' });
});

test('a mail that is owed says what keeps it where that is known, and a miss names it', async () => {
  const owed = { node: 'psn-1', persona: 'psn', notification: { id: 'owed', purpose: 'portal-notification', template: 'guest-credentials', to: ['ana@guest.example'], data: {}, at: 0 }, end: undefined };
  const world = testSupervised({ outbox: [owed] as never, smtpServer: 'not configured' });
  expect(await run(world, 'mail-outbox', {})).toMatchObject({ entries: [{ waitsBecause: 'the SMTP Server page is empty (isesim smtp set, test, save)' }] });
  expect(await run(world, 'mail-wait', { to: 'ana@guest.example', timeout: '0s' })).toMatchObject({
    unaccepted: ['psn-1 owes guest-credentials to ana@guest.example: the SMTP Server page is empty (isesim smtp set, test, save)'],
  });
});

test('the outbox counts what was refused without being asked for it, and lists it when it is', async () => {
  const mail = (id: string, end: object | undefined) => ({ node: 'psn-1', persona: 'psn', notification: { id, purpose: 'portal-notification', template: 'guest-credentials', to: [], data: {}, at: 0 }, end });
  const outcome = { kind: 'refused', stage: 'data', reason: '554 5.2.252 SendAsDenied' };
  const world = testSupervised({ outbox: [mail('waits', undefined), ...['accepted', 'refused', 'dead-lettered'].map((end) => mail(end, { end, attempts: 1, at: 0, outcome }))] as never });
  expect(await run(world, 'mail-outbox', {})).toMatchObject({ entries: [{ notificationId: 'waits' }], neverSent: 2 });
  expect(await run(world, 'mail-outbox', { all: true })).toMatchObject({ entries: [{}, {}, {}, {}] });
});

test.each([
  ['guest-create', { email: 'ana@guest.example' }, 'made at portal undefined on psn-1; no mail is sent, since email notifications to guests are off: isesim guest-email set --enabled true'],
  ['guest-reset-password', { guest: 'ana' }, 'ana01 has a new password; no mail is sent, since email notifications to guests are off: isesim guest-email set --enabled true'],
])('%s says that no mail is sent while guest email is off', async (name, given, last) => {
  const guest = { username: 'ana01', createdAt: 0, validFrom: 0, validTo: 0 };
  const { supervised } = testSupervised({ answer: () => ({ guest, mailed: false }) });
  const answered = await operationNamed(name)?.run(supervised, given, call);
  expect((answered as { says: string }).says.split('\n').at(-1)).toBe(last);
});

test('the outbox tells how often what is owed was tried, and how the last try ended', async () => {
  const at = Date.parse('2026-02-02T05:01:00Z');
  const outcome = { kind: 'deferred', stage: 'connect', reason: 'connect ETIMEDOUT' } as const;
  const owed = (node: string, id: string) => ({ node, persona: 'psn' as const, end: undefined, notification: { id, purpose: 'portal-notification' as const, template: 'guest-credentials' as const, to: ['ana@guest.example'], data: {}, traceId: 't', at } });
  const world = testSupervised({ outbox: [owed('psn-1', 'tried'), owed('psn-2', 'unknown')], attempts: [{ node: 'psn-1', notificationId: 'tried', count: 3, at, outcome }] });
  expect(await run(world, 'mail-outbox', {})).toMatchObject({
    entries: [
      { notificationId: 'tried', state: 'undone', attempts: 3, lastAttempt: { at: '2026-02-02T05:01:00Z', outcome } },
      { notificationId: 'unknown', state: 'undone', attempts: null, lastAttempt: null },
    ],
  });
});

test('status says why a node is Disconnected, and heal how a killed one comes back', async () => {
  const world = testSupervised();
  await run(world, 'node-kill', { node: 'psn-1' });
  const { nodes } = (await run(world, 'status', {})) as { nodes: { name: string; status: string; reason?: string }[] };
  expect(nodes.map(({ name, status, reason }) => [name, status, reason])).toEqual([['ise-1', 'Connected', undefined], ['psn-1', 'Disconnected', 'killed'], ['psn-2', 'Connected', undefined]]);
  const healed = await operationNamed('heal')?.run(world.supervised, {}, call);
  expect(healed).toMatchObject({ says: 'psn-1 is Disconnected (killed); heal starts no node, "isesim node start psn-1" does' });
});

test.each([
  ['clock-advance', { argument: '99999999d' }, '<when> is "99999999d"', 'Write at most 1000000d.'],
  ['smtp-set', { connectionTimeout: '999999999d' }, '--connection-timeout is "999999999d"', 'Write a number of seconds from 1 to 86400, or a duration, as 60s.'],
  ['smtp-set', { connectionTimeout: '0s' }, '--connection-timeout is "0s"', 'Write a number of seconds from 1 to 86400, or a duration, as 60s.'],
  ['smtp-set', { host: '' }, '--host is ""', 'Write a host name or an address, as smtp.office365.com.'],
  ['alarm-raise', { name: '' }, '--name is ""', 'Write the name of an alarm, as High Load Average.'],
  ['fault-add', { to: 'smtp.office365.com', fault: 'slow', delay: '0s' }, '--delay is "0s"', 'Write a duration above 0s, as 90s, 15m or 3d.'],
])('%s with %j says in plain words what to write', async (name, flags, message, remedy) => {
  await expect(run(testSupervised(), name, flags)).rejects.toMatchObject({ kind: 'wrong input', message, remedy });
});

test('an advance that is not understood tells what can be written', async () => {
  await expect(run(testSupervised(), 'clock-advance', { argument: 'tomorrow' })).rejects.toMatchObject({ message: '<when> is "tomorrow"', remedy: 'Write a duration, as 3d, or a date, as 2026-03-01.' });
  await expect(run(testSupervised(), 'clock-advance', {})).rejects.toMatchObject({ remedy: 'Give by how much (by) or until when (to).\nFor example: isesim clock advance 3d, isesim clock advance 2026-02-10, isesim clock advance --to 2026-02-10T09:00:00Z' });
});
