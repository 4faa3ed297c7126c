import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hourMs, minuteMs, Problem } from '@isesim/domain';
import { afterAll, describe, expect, it } from 'vitest';
import { playScenario, type ScenarioResult } from './play-scenario.ts';
import type { Scenario, ScenarioStep } from './scenario.ts';
import type { StepName } from './steps.ts';
import { began, testMail, testStage, type Props } from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'isesim-play-'));
mkdirSync(join(folder, 'nodes/psn-1'), { recursive: true });
writeFileSync(join(folder, 'nodes/psn-1/guest.log'), 'first line\nportal sponsor made ana01\n');
afterAll(() => { rmSync(folder, { recursive: true }); });

const env = { HOME: '/home/ana', EMPTY: '' };

/** A step as it is read from line `line`. */
function step(name: StepName, fields: Record<string, unknown> = {}, rest: Partial<ScenarioStep> = {}): ScenarioStep {
  return { step: name, fields, line: 5, variables: {}, ...rest };
}

async function play(steps: readonly ScenarioStep[], props: Props = {}) {
  const { stage, ...test } = testStage({ folder, ...props });
  const scenario: Scenario = { file: 'lab.yaml', name: 'a test', topology: stage.deployment.topology, seed: 7, isolation: 'inline', steps };
  let wall = 0;
  const result = await playScenario(scenario, stage, { env, wall: () => (wall += 100) });
  return { result, ...test };
}

/** How the last step ended: its message without the replay line. */
function endOf({ steps }: ScenarioResult): [string | undefined, string | undefined] {
  const last = steps.at(-1);
  return [last?.outcome, last?.message.replace(/\n?replay {4}isesim run lab\.yaml --seed 7$/, '')];
}

const refused = () => {
  throw new Problem('refused', 'no-accounts', 'the guest cannot be made', 'Start the primary PAN.');
};

describe('a scenario', () => {
  it('passes when every step does and the audit finds nothing', async () => {
    const { result } = await play([step('createGuest', { email: 'a@b' }), step('advance', { by: '2h' }), step('expectNoMail')]);
    expect(result).toEqual({
      file: 'lab.yaml',
      name: 'a test',
      seed: 7,
      outcome: 'passed',
      steps: ['createGuest', 'advance', 'expectNoMail'].map((name) => ({ step: name, line: 5, outcome: 'passed', message: '' })),
      audit: { judged: 0, findings: [] },
      wallMs: 100,
      simulatedMs: 2 * hourMs,
      endedAt: '2026-02-02T07:00:00Z',
    });
  });

  it('ends at the first step that does not pass, and skips the rest', async () => {
    const { result, done } = await play([step('expectMail'), step('kill', { node: 'psn-1' })]);
    expect(result.outcome).toBe('failed');
    expect(result.steps.map(({ outcome }) => outcome)).toEqual(['failed', 'skipped']);
    expect(done).toEqual([]);
  });

  it('fails when the audit finds a mail of a wrong node, though every step passes', async () => {
    const findings = [{ mail: '0123456789ab', rule: 'node table', message: 'alarm mail was sent by psn-1' }] as const;
    const { result } = await play([step('expectMail')], { records: [testMail()], findings });
    expect(result).toMatchObject({ outcome: 'failed', audit: { judged: 1, findings } });
    expect(result.steps).toMatchObject([{ outcome: 'passed' }]);
  });

  it('counts what goes wrong inside isesim as an error, not as a failure', async () => {
    const { result } = await play([step('raiseAlarm', { name: 'x' }, { expectError: 'boom' })], {
      answer: () => {
        throw new TypeError('boom');
      },
    });
    expect(result.outcome).toBe('error');
    expect(result.steps[0]?.message).toMatch(/^this is a defect of isesim, please report it: TypeError: boom\n {4}at /);
  });

  it('that is interrupted skips what is left, and has neither passed nor failed', async () => {
    const { stage } = testStage();
    const scenario: Scenario = { file: 'lab.yaml', name: 'a test', topology: stage.deployment.topology, seed: 7, isolation: 'inline', steps: [step('expectNoMail')] };
    const result = await playScenario(scenario, stage, { env, wall: () => 0, signal: AbortSignal.abort() });
    expect(result).toMatchObject({ outcome: 'error', message: 'interrupted', steps: [{ outcome: 'skipped' }] });
  });
});

describe('an action', () => {
  it('that is refused fails with the reason, the remedy and how to play it again', async () => {
    const { result } = await play([step('createGuest', { email: 'a@b' })], { answer: refused });
    expect(result.steps[0]?.message).toBe('the guest cannot be made (no-accounts)\nStart the primary PAN.\nreplay    isesim run lab.yaml --seed 7');
  });

  it.each<[string, string, Props, string | undefined, string]>([
    ['passes with an error that holds the text', 'cannot be made', { answer: refused }, 'passed', ''],
    ['passes with an error that has the code', 'no-accounts', { answer: refused }, 'passed', ''],
    ['fails with another error', 'no mailbox', { answer: refused }, 'failed', 'an error with "no mailbox" was expected, but it was:\nthe guest cannot be made (no-accounts)\nStart the primary PAN.'],
    ['fails when it goes well', 'no mailbox', {}, 'failed', 'an error with "no mailbox" was expected, but it went well'],
  ])('with expectError %s', async (_, expectError, props, outcome, message) => {
    const { result } = await play([step('createGuest', { email: 'a@b' }, { expectError })], props);
    expect(endOf(result)).toEqual([outcome, message]);
  });

  it('with within must not take longer of simulated time', async () => {
    const advance = (within: number) => step('advance', { by: '2m' }, { within });
    expect(endOf((await play([advance(2 * minuteMs)])).result)).toEqual(['passed', '']);
    expect(endOf((await play([advance(minuteMs)])).result)).toEqual(['failed', 'it took 2m of simulated time, more than 1m']);
    expect(endOf((await play([{ ...advance(minuteMs), expectError: 'it took 2m' }])).result)).toEqual(['passed', '']);
  });

  it.each<[StepName, Record<string, unknown>, unknown]>([
    ['kill', { node: 'psn-1' }, ['kill psn-1']],
    ['start', { node: 'psn-1' }, ['start psn-1']],
    ['setSmtp', { connectionTimeout: '30s', tls: 'true', port: '25' }, ['set {"port":25,"tls":true,"connectionTimeoutMs":30000}']],
    ['setSmtp', { connectionTimeout: '60', host: 'SMTP.Office365.com.' }, ['set {"host":"SMTP.Office365.com.","connectionTimeoutMs":60000}']],
    ['setSmtp', { connectionTimeout: 45 }, ['set {"connectionTimeoutMs":45000}']],
    ['setSmtp', { clientSecret: 'hunter2', emailAddress: 'a@b' }, ['set {"authentication":{"type":"exchange-online-oauth","emailAddress":"a@b","clientSecret":"***"}}']],
    ['setSmtp', { authentication: 'none', emailAddress: 'a@b' }, ['set {"authentication":{"type":"none"}}']],
  ])('%s %j does it', async (name, fields, expected) => {
    const { done, result } = await play([step(name, fields)]);
    expect([result.outcome, done]).toEqual(['passed', expected]);
  });

  it('does not go back in time, and wants a setting to set', async () => {
    expect(endOf((await play([step('advance', { to: '2026-02-01' })])).result)[1]).toContain('2026-02-01T00:00:00Z has passed: it is 2026-02-02T05:00:00Z (past)');
    expect(endOf((await play([step('setSmtp')])).result)[1]).toContain('no field was given (smtp-set)');
  });

  it('takes the first node that can do it, unless one is named', async () => {
    const { asked } = await play([step('kill', { node: 'psn-1' }), step('createGuest', { email: 'a@b' }), step('raiseAlarm', { name: 'x' }), step('sendTestMail', { to: 'a@b' })]);
    expect(asked.map(({ node, verb }) => [node, verb])).toEqual([['psn-2', 'create-guest'], ['ise-1', 'raise-alarm'], ['ise-1', 'send-test-mail']]);
  });

  it('says what is missing when no node can do it', async () => {
    const kills = ['ise-1', 'psn-1', 'psn-2'].map((node) => step('kill', { node }));
    expect(endOf((await play([...kills, step('createGuest', { email: 'a@b' })])).result)[1]).toContain('no PSN is running');
    expect(endOf((await play([...kills, step('raiseAlarm', { name: 'x' })])).result)[1]).toContain('no node is running');
  });
});

describe('a name', () => {
  const text = (record: Record<string, unknown>) => step('expectMail', record);
  const mail = () => ({ records: [testMail({ to: ['ana01'], subject: '/home/ana' }, 'Username: ana01\r\nPassword: s3cret!\r\n')] });

  it.each<[string, Record<string, unknown>]>([
    ['what a step before it made', { to: '${ana.username}' }],
    ['a variable of the environment', { subject: '${env.HOME}' }],
    ['its default where the variable is not set', { subject: '/home/${env.NONE:-ana}' }],
    ['its default where the variable is empty', { subject: '/home/${env.EMPTY:-ana}' }],
    ['the tenant', { from: '${tenant.mailboxes[0].address}' }],
    ['a part of a text', { subject: '/${ana.firstName}/ana' }],
    ['a number', { count: '${ana.validFor}' }],
  ])('stands for %s', async (_, fields) => {
    const records = [testMail({ to: ['ana01'], subject: '/home/ana', from: 'no-reply@contoso.onmicrosoft.com' })];
    const answer = () => ({ guest: { username: 'ana01', email: 'ana@b', firstName: 'home', validFor: 1, createdAt: began, validFrom: began, validTo: began } });
    const { result } = await play([step('createGuest', { email: 'ana@b' }, { as: 'ana' }), text(fields)], { records, answer });
    expect(endOf(result)).toEqual(['passed', '']);
  });

  it("stands for a guest's password, as the mail to the guest says it", async () => {
    const records = [testMail({ to: ['ana@b'] }, 'Username: ana01\r\nPassword: s3cret!\r\n')];
    const { result } = await play([step('createGuest', { email: 'ana@b' }, { as: 'ana' }), text({ contains: 'Password: ${ana.password}' })], { records });
    expect(endOf(result)).toEqual(['passed', '']);
    const without = await play([step('createGuest', { email: 'ana@b' }, { as: 'ana' }), text({ contains: '${ana.password}' })]);
    expect(endOf(without.result)[1]).toContain('no mail to ana@b names a password (no-password)');
  });

  it('stands for the value of a forEach, before any other of that name', async () => {
    const { done } = await play([step('kill', { node: '${node}' }, { variables: { node: 'psn-2' } })]);
    expect(done).toEqual(['kill psn-2']);
  });

  it('that stands for nothing fails the step, with what is there', async () => {
    const { result } = await play([step('createGuest', { email: 'ana@b' }, { as: 'ana' }), text({ to: '${ana.usernam}' })], mail());
    expect(endOf(result)[1]).toBe('${ana.usernam} stands for nothing: there is no "usernam" (name)\nDid you mean username?');
  });

  it('that stands for what the field does not take fails the step', async () => {
    const { result } = await play([step('createGuest', { email: 'ana@b' }, { as: 'ana' }), text({ count: '${ana.username}' })]);
    expect(endOf(result)[1]).toContain('count is "ana01"; write a whole number from 0 to 1000000 (fields)\nLook at what the names');
  });

  it('that stands for no secret fails the step without telling it', async () => {
    const { result } = await play([step('setSmtp', { clientSecret: '${env.EMPTY}', host: '${env.HOME}' })]);
    expect(endOf(result)[1]).toBe('host is "/home/ana"; write a host name or an address, as smtp.office365.com\nclientSecret is a secret that is not told; write the secret (fields)\nLook at what the names in this step stand for.');
  });

  it('never stands for a secret of the tenant', async () => {
    const { result } = await play([text({ to: '${tenant.applications[0].secrets[0].value}' })]);
    expect(endOf(result)[1]).toContain('***');
    expect(JSON.stringify(result)).not.toContain('demo-secret');
  });
});

describe('an expectation', () => {
  it('waits for the effect of all that was done before', async () => {
    const records = [testMail({ purpose: 'portal-test' })];
    const effects = [() => void records.push(testMail())];
    expect((await play([step('expectMail', { purpose: 'alarm' })], { records, effects })).result.outcome).toBe('passed');
  });

  it('with within may come true until then, and takes no more time than that', async () => {
    const records = [testMail({ purpose: 'portal-test' })];
    const due = [1, 2, 5].map((hours) => ({ at: began + hours * hourMs, happens: () => void records.push(testMail({ purpose: hours === 2 ? 'alarm' : 'guest-expiry' })) }));
    const { result, now } = await play([step('expectMail', { purpose: 'alarm' }, { within: 4 * hourMs })], { records, due });
    expect([result.outcome, now()]).toEqual(['passed', '2026-02-02T07:00:00Z']);
  });

  it('with within fails when nothing until then makes it true', async () => {
    const records = [testMail({ purpose: 'portal-test' })];
    const due = [{ at: began + 5 * hourMs, happens: () => void records.push(testMail()) }];
    const { result } = await play([step('expectMail', { purpose: 'alarm' }, { within: 4 * hourMs })], { records, due });
    expect(result.outcome).toBe('failed');
  });

  it('that nothing happens must hold all that time', async () => {
    const late = () => {
      const records = [testMail({ purpose: 'portal-test' })];
      return { records, due: [{ at: began + hourMs, happens: () => void records.push(testMail()) }] };
    };
    expect((await play([step('expectNoMail', { purpose: 'alarm' }, { within: hourMs / 2 })], late())).result).toMatchObject({ outcome: 'passed', simulatedMs: hourMs / 2 });
    expect((await play([step('expectNoMail', { purpose: 'alarm' }, { within: hourMs })], late())).result.outcome).toBe('failed');
  });

  it('with expectError must fail', async () => {
    const failing = step('expectMail', { purpose: 'alarm' }, { expectError: 'no mail was accepted at all' });
    expect(endOf((await play([failing])).result)).toEqual(['passed', '']);
    expect(endOf((await play([failing], { records: [testMail()] })).result)).toEqual(['failed', 'an error with "no mail was accepted at all" was expected, but it went well']);
  });

  const smtp = { host: 'smtp.office365.com', port: 587, connectionTimeoutMs: 60_000, authentication: { type: 'none', expiryDate: Date.UTC(2026, 2, 15) } };
  const owed = { node: 'ise-1', persona: 'mnt', notification: { template: 'alarm', to: ['admin@contoso.example'] }, end: undefined };
  it.each<[StepName, Record<string, unknown>, Props, string]>([
    ['expectMail', { purpose: 'alarm' }, {}, 'expected  at least one mail: purpose alarm\nfound     none\nnearest   no mail was accepted at all\nsender    ise-1: primary PAN and active MnT, Connected, settings revision 7; owes no mail; ended none so far'],
    [
      'expectMail',
      { purpose: 'alarm', sentBy: 'psn-1', contains: 'fan' },
      { records: [testMail()], outbox: [owed] as never },
      'expected  at least one mail: purpose alarm, sent by psn-1, contains fan\nfound     none\nnearest   0123456789ab (alarm, sent by ise-1, to admin@contoso.example): sent by is ise-1, not psn-1; lacks "fan"\nsender    psn-1: no duty, Connected, settings revision 7; owes no mail; ended none so far',
    ],
    [
      'expectMail',
      { purpose: 'alarm', count: 2 },
      { records: [testMail()], outbox: [owed] as never },
      'expected  exactly 2: purpose alarm\nfound     1: 0123456789ab sent by ise-1 to admin@contoso.example\nsender    ise-1: primary PAN and active MnT, Connected, settings revision 7; owes alarm to admin@contoso.example; ended none so far',
    ],
    ['expectNoMail', { purpose: 'alarm' }, { records: [testMail()] }, 'expected  no mail: purpose alarm\nfound     1\nmail      0123456789ab to admin@contoso.example, sent by ise-1 (127.1.1.1, EHLO ise-1.ise.example) at 2026-02-02T05:00:00Z'],
    ['expectAlarm', { name: 'High CPU', node: 'psn-1' }, { alarms: [{ name: 'High CPU', node: 'ise-1' }] }, 'expected  at least one alarm: "High CPU" raised on psn-1\nfound     0\nalarms    "High CPU" on ise-1'],
    ['expectAlarm', { name: 'High CPU', count: 2 }, { alarms: [{ name: 'High CPU', node: 'ise-1' }] }, 'expected  exactly 2: "High CPU"\nfound     1\nalarms    "High CPU" on ise-1'],
    ['expectAlarm', { name: 'High CPU' }, {}, 'expected  at least one alarm: "High CPU"\nfound     0\nalarms    none was raised'],
    ['expectNode', { node: 'psn-1', status: 'Disconnected', duties: ['active MnT'] }, {}, 'expected  psn-1: Disconnected, active MnT\nfound     Connected, no duty'],
    ['expectSettings', { node: 'psn-1', revision: 8, values: { port: 25, connectionTimeout: '30s' } }, { page: smtp }, 'expected  psn-1: revision 8, port 25, connectionTimeout 30s\nfound     psn-1 holds revision 7; psn-1 has port 587; psn-1 has connectionTimeout 1m'],
    ['expectSettings', { values: { authentication: { type: 'exchange-online-oauth' } } }, { page: smtp }, 'expected  every node: authentication.type exchange-online-oauth\nfound     ise-1 has authentication.type none; psn-1 has authentication.type none; psn-2 has authentication.type none'],
    ['expectLog', { node: 'psn-1', contains: 'ben' }, {}, 'expected  a line of guest.log of psn-1 with "ben"\nfound     none among 2 lines\nlog       first line\nlog       portal sponsor made ana01'],
    ['expectLog', { node: 'psn-2', contains: 'ben' }, {}, 'expected  a line of guest.log of psn-2 with "ben"\nfound     none among 0 lines'],
  ])('%s %j that does not hold says what was expected and what is there', async (name, fields, props, message) => {
    const { result } = await play([step(name, fields)], props);
    expect(endOf(result)).toEqual(['failed', message]);
    expect(result.steps[0]?.message).toMatch(/\nreplay {4}isesim run lab\.yaml --seed 7$/);
  });

  it.each<[StepName, Record<string, unknown>, Props]>([
    ['expectMail', { purpose: 'alarm', template: 'alarm', to: 'admin@contoso.example', from: 'no-reply@contoso.example', subject: 'ISE Alarm', sentBy: 'ise-1', contains: 'load is high', count: 1 }, { records: [testMail(), testMail({ purpose: 'portal-test' })] }],
    ['expectMail', { purpose: 'alarm', count: 0 }, {}],
    ['expectNoMail', { sentBy: 'psn-1' }, { records: [testMail()] }],
    ['expectAlarm', { name: 'High CPU', node: 'ise-1', count: 1 }, { alarms: [{ name: 'High CPU', node: 'ise-1' }] }],
    ['expectNode', { node: 'ise-1', status: 'Connected', duties: ['active MnT', 'primary PAN'] }, {}],
    ['expectNode', { node: 'psn-1', duties: [] }, {}],
    ['expectSettings', { revision: 7, values: { port: 587, connectionTimeout: '60s', authentication: { type: 'none', expiryDate: '2026-03-15' } } }, { page: smtp }],
    ['expectLog', { node: 'psn-1', contains: 'made ana01' }, {}],
  ])('%s %j holds', async (name, fields, props) => {
    expect(endOf((await play([step(name, fields)], props)).result)).toEqual(['passed', '']);
  });
});
