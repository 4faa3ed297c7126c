import { setImmediate as macrotask } from 'node:timers/promises';
import { OutdatedWrite, streamsOf, subjectsOf, type Bus, type Stream } from '@isesim/bus';
import { AgentClock } from '@isesim/clock';
import { Problem, seededRandom, templates, type DeploymentNode, type DutyHolders, type HeldConfiguration, type Mail, type MailEnd, type Notification, type Outcome, type Persona, type Purpose, type Template } from '@isesim/domain';
import type { OAuthMail } from '@isesim/oauth-mail';
import { describe, expect, it } from 'vitest';
import { MailDispatch } from './mail-dispatch.ts';
import { sendLog } from './send-log.ts';

const nodeOf = (name: string, personas: DeploymentNode['personas']): DeploymentNode => ({ name, fqdn: `${name}.ise.example`, address: '127.0.0.2', personas, roles: {} });
const nodes = [nodeOf('ise-1', ['pan', 'mnt']), nodeOf('ise-2', ['pan', 'mnt']), nodeOf('psn-1', ['psn']), nodeOf('psn-2', ['psn'])];
const from = 'no-reply@contoso.onmicrosoft.com';
const held: HeldConfiguration = {
  revision: 12,
  epoch: 1,
  primaryPan: 'ise-1',
  pages: {
    deployment: { domain: 'ise.example', iseVersion: '3.5P1', nodes: nodes.map((node) => ({ ...node, personas: [...node.personas] })) },
    'smtp-server': { host: 'smtp.office365.com', port: 587, connectionTimeoutMs: 60_000, tls: true, authentication: { type: 'none' } },
    'guest-email': { enabled: true, from, useSponsorAddress: false },
    'alarm-notification': { from: 'alarms@contoso.onmicrosoft.com', additionalRecipients: [], clientSecretDays: [90, 60, 30], clientSecretDaily: true },
  },
  writtenAt: {},
};
const dataOf: Partial<Record<Template, Record<string, string>>> = {
  'guest-expiry-notice': { username: 'ana', timeLeft: '3 days', validTo: '2026-02-05' },
  'admin-password-reminder': { name: 'admin', timeLeft: '3 days', expiresOn: '2026-02-05' },
  alarm: { name: 'High CPU', details: '', description: '', severity: 'Warning', suggestedAction: '', node: 'psn-1' },
  'portal-test': Object.fromEntries(['portal', 'username', 'password', 'firstName', 'lastName', 'mobileNumber', 'validFrom', 'validTo', 'personBeingVisited', 'reasonForVisit'].map((name) => [name, 'x'])),
  'guest-denied': { firstName: 'Ana', reason: 'none' },
};

function notification(template: Template, id = `${template}-7`): Notification {
  return { id, purpose: templates[template], template, to: ['ana@guest.example'], data: dataOf[template] ?? {}, traceId: 'trace', at: 0 };
}

/** What all nodes have in common: the streams, in memory. `written` is what was written, in order. */
class MemoryBus {
  readonly streams = streamsOf('test');
  readonly subjects = subjectsOf('test');
  readonly written: string[] = [];
  readonly #streams = new Map<string, Map<string, unknown>>();
  readonly #followers = new Map<string, (message: { value: unknown }) => void>();

  writeOnce<T>(stream: Stream<T>, subject: string, value: T): Promise<number> {
    this.written.push(subject);
    this.messages(stream).set(subject, value);
    this.#followers.get(stream.name)?.({ value });
    return Promise.resolve(this.written.length);
  }

  writeFenced<T>(stream: Stream<T>, subject: string, value: T): Promise<number> {
    if (this.messages(stream).has(subject)) return Promise.reject(new OutdatedWrite(subject));
    return this.writeOnce(stream, subject, value);
  }

  readLast<T>(stream: Stream<T>, subject: string): Promise<{ value: T } | undefined> {
    const messages = this.messages(stream);
    return Promise.resolve(messages.has(subject) ? { value: messages.get(subject) as T } : undefined);
  }

  async *readAll<T>(stream: Stream<T>): AsyncGenerator<{ value: T }> {
    await macrotask();
    for (const value of [...this.messages(stream).values()]) yield { value };
  }

  async follow<T>(stream: Stream<T>, take: (message: { value: T }) => void): Promise<void> {
    for await (const message of this.readAll(stream)) take(message);
    this.#followers.set(stream.name, take as (message: { value: unknown }) => void);
  }

  messages<T>({ name }: Stream<T>): Map<string, T> {
    const messages = this.#streams.get(name) ?? new Map<string, unknown>();
    this.#streams.set(name, messages);
    return messages as Map<string, T>;
  }

  get ends(): MailEnd[] {
    return [...this.messages(this.streams.outcomes).values()];
  }

  owe(node: string, owed: Notification): void {
    this.messages(this.streams.outbox('pan', node)).set(this.subjects.outbox('pan', node, owed.purpose, owed.id), owed);
  }
}

interface Given {
  readonly holds?: () => HeldConfiguration;
  readonly bus?: MemoryBus;
  readonly holders?: () => DutyHolders;
  readonly sendOnce?: (mail: Mail, attempt: { mayBegin: () => boolean }) => Promise<Outcome>;
  /** In place of the clock's. */
  readonly sleep?: () => Promise<void>;
}

const accepted: Outcome = { kind: 'accepted', reply: { code: 250, text: 'OK' } };

/** One node's dispatch, whose mail server accepts everything unless told otherwise. */
function makeDispatch(name: string, { bus = new MemoryBus(), holds = () => held, holders = () => ({ 'primary PAN': 'ise-1', 'active MnT': 'ise-2' }), sendOnce = () => Promise.resolve(accepted), sleep }: Given = {}) {
  const node = nodes.find((each) => each.name === name) as DeploymentNode;
  const sent: Mail[] = [];
  const logged: string[] = [];
  const defects: { what: string; error: unknown }[] = [];
  const onDefect = (what: string, error: unknown) => { defects.push({ what, error }); };
  const clock = new AgentClock({ agent: `${name}#1`, start: 0, push: () => undefined, onDefect });
  if (sleep) clock.sleep = sleep;
  const mail: Partial<OAuthMail> = {
    sendOnce: (composed, _settings, attempt) => {
      sent.push(composed);
      return sendOnce(composed, attempt);
    },
  };
  const dispatch = new MailDispatch({
    node,
    bus: bus as unknown as Bus,
    clock,
    random: seededRandom(1, name),
    mail: mail as OAuthMail,
    log: sendLog({ log: { write: ({ level, message }) => { if (level === 'ERROR') logged.push(message); } }, clock, random: seededRandom(1, name), fqdn: node.fqdn, administrator: () => 'admin' }),
    held: holds,
    holders,
    onDefect,
  });
  return {
    bus,
    sent,
    logged,
    defects,
    ids: () => sent.map(({ messageId }) => messageId.split('@')[0]),
    notify: (told: Notification) => clock.start('tell', () => dispatch.notify(told)),
    resume: () => clock.start('resume', () => dispatch.resume()),
    again: () => { dispatch.again(); },
    takeOver: (persona: Persona = 'pan') => clock.start('take over', () => dispatch.takeOver(persona)),
  };
}

/** Until every mail that can be seen to has been. */
async function rest(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await macrotask();
}

describe('a node refuses', () => {
  const senders: Record<Purpose, string> = {
    'guest-expiry': 'ise-1',
    'password-expiry': 'ise-1',
    'portal-test': 'ise-1',
    alarm: 'ise-2',
    'portal-notification': 'a PSN',
  };
  const templatesToTry: Template[] = ['guest-expiry-notice', 'admin-password-reminder', 'portal-test', 'alarm', 'guest-denied'];
  const cases = templatesToTry.flatMap((template) => nodes.map(({ name, personas }) => ({ template, name, personas, purpose: templates[template] })));
  const isSender = ({ name, personas, purpose }: (typeof cases)[number]) => (senders[purpose] === 'a PSN' ? personas.includes('psn') : senders[purpose] === name);

  it.each(cases.filter((each) => !isSender(each)))('to send $purpose mail: $name', async ({ template, name, purpose }) => {
    const { bus, sent, logged, notify } = makeDispatch(name);
    const refused = await notify(notification(template)).catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(Problem);
    expect(refused).toMatchObject({ kind: 'refused', code: 'not-the-sender', message: `${name} does not send ${purpose} mail` });
    expect(logged).toEqual([expect.stringContaining(`${purpose} mail is not sent by this node`)]);
    await rest();
    expect(bus.written).toEqual([]);
    expect(sent).toEqual([]);
  });

  it.each(cases.filter(isSender))('nothing that is its own to send: $name sends $purpose mail', async ({ template, name }) => {
    const { logged, notify, ids } = makeDispatch(name);
    await notify(notification(template));
    await rest();

    expect(logged).toEqual([]);
    expect(ids()).toEqual([`${template}-7`]);
  });

  it('what it could send until it lost the duty', async () => {
    let primary = 'ise-1';
    const { notify, ids } = makeDispatch('ise-1', { holders: () => ({ 'primary PAN': primary }) });
    await notify(notification('guest-expiry-notice', 'before'));
    primary = 'ise-2';

    await expect(notify(notification('guest-expiry-notice', 'after'))).rejects.toMatchObject({ code: 'not-the-sender', remedy: 'The primary PAN sends it.' });
    await rest();
    expect(ids()).toEqual(['before']);
  });

  it('to send for a duty that nobody holds', async () => {
    const { notify } = makeDispatch('ise-1', { holders: () => ({}) });

    await expect(notify(notification('alarm'))).rejects.toMatchObject({ code: 'not-the-sender' });
  });
});

describe('a notification', () => {
  it('is durable when it was told, whatever becomes of its mail', async () => {
    const { bus, notify } = makeDispatch('ise-1', { sendOnce: () => new Promise(() => undefined) });
    await notify(notification('guest-expiry-notice'));
    await rest();

    expect(bus.written).toEqual(['isesim.test.outbox.pan.ise-1.guest-expiry.guest-expiry-notice-7']);
  });

  it('becomes a mail, and the end of the mail is durable', async () => {
    const { bus, sent, notify } = makeDispatch('ise-1');
    await notify(notification('guest-expiry-notice'));
    await rest();

    expect(sent.map(({ messageId, from: sender, to }) => ({ messageId, sender, to }))).toEqual([
      { messageId: 'guest-expiry-notice-7@ise.example', sender: from, to: ['ana@guest.example'] },
    ]);
    expect(bus.ends).toEqual([{ notificationId: 'guest-expiry-notice-7', end: 'accepted', outcome: accepted, attempts: 1, settingsRevision: 12, at: 0 }]);
  });

  it('of an alarm is sent from the address of Alarm Notification', async () => {
    const { sent, notify } = makeDispatch('ise-2');
    await notify(notification('alarm'));
    await rest();

    expect(sent.map((mail) => mail.from)).toEqual(['alarms@contoso.onmicrosoft.com']);
  });

  it.each(['admin-password-reminder', 'portal-test'] as const)('of the kind %s is sent from the address of guest mail', async (template) => {
    const { sent, notify } = makeDispatch('ise-1');
    await notify(notification(template));
    await rest();

    expect(sent.map((mail) => mail.from)).toEqual([from]);
  });

  it('waits while the SMTP server is not configured, and its mail goes when it is', async () => {
    let holding = { ...held, pages: { ...held.pages, 'smtp-server': undefined } } as unknown as HeldConfiguration;
    const { bus, ids, defects, notify, again } = makeDispatch('ise-1', { holds: () => holding });
    await notify(notification('guest-expiry-notice'));
    await rest();
    again();
    await rest();
    expect([ids(), bus.ends]).toEqual([[], []]);

    holding = held;
    again();
    await rest();
    expect(ids()).toEqual(['guest-expiry-notice-7']);
    expect(bus.ends).toMatchObject([{ notificationId: 'guest-expiry-notice-7', end: 'accepted' }]);
    expect(defects).toEqual([]);
  });

  it('told twice is sent once', async () => {
    const { notify, ids } = makeDispatch('ise-1');
    await Promise.all([notify(notification('guest-expiry-notice')), notify(notification('guest-expiry-notice'))]);
    await rest();
    await notify(notification('guest-expiry-notice'));
    await rest();

    expect(ids()).toEqual(['guest-expiry-notice-7']);
  });

  it('that a former holder of the duty was told already is not told again', async () => {
    const bus = new MemoryBus();
    bus.owe('ise-2', notification('guest-expiry-notice'));
    const { notify, sent } = makeDispatch('ise-1', { bus });
    await notify(notification('guest-expiry-notice'));
    await rest();

    expect(bus.written).toEqual([]);
    expect(sent).toEqual([]);
  });

  it('of a portal is not looked for at other PSNs: they serve guests of their own', async () => {
    const bus = new MemoryBus();
    const first = makeDispatch('psn-1', { bus });
    const second = makeDispatch('psn-2', { bus });
    await first.notify(notification('guest-denied'));
    await second.notify(notification('guest-denied'));
    await rest();

    expect([first.ids(), second.ids()]).toEqual([['guest-denied-7'], ['guest-denied-7']]);
  });

  it('whose mail cannot be composed is a defect with its name, and holds up no other', async () => {
    const { notify, ids, defects } = makeDispatch('ise-1');
    await notify({ ...notification('guest-expiry-notice', 'broken'), data: {} });
    await notify(notification('guest-expiry-notice', 'whole'));
    await rest();

    expect(defects.map(({ what }) => what)).toEqual(['mail broken']);
    expect(ids()).toEqual(['whole']);
  });

  it('whose duty moved before MAIL FROM stays owed', async () => {
    let primary = 'ise-1';
    const { bus, notify } = makeDispatch('ise-1', {
      holders: () => ({ 'primary PAN': primary }),
      sendOnce: (_mail, { mayBegin }) => {
        primary = 'ise-2';
        return Promise.resolve<Outcome>(mayBegin() ? accepted : { kind: 'not-begun', reason: 'the duty moved' });
      },
    });
    await notify(notification('guest-expiry-notice'));
    await rest();

    expect(bus.ends).toEqual([]);
  });
});

describe('a duty that moves', () => {
  const notice = (id: string) => notification('guest-expiry-notice', id);

  /** Two PANs on one bus; `primary.now` has the duty. Whoever has no right to begin does not. */
  function makePans({ first = () => Promise.resolve<Outcome>(accepted), sleep }: { readonly first?: () => Promise<Outcome>; readonly sleep?: () => Promise<void> } = {}) {
    const bus = new MemoryBus();
    const primary = { now: 'ise-1' };
    const holders = () => ({ 'primary PAN': primary.now });
    const unlessMoved = (send: () => Promise<Outcome>) => (_mail: Mail, { mayBegin }: { mayBegin: () => boolean }) => (mayBegin() ? send() : Promise.resolve<Outcome>({ kind: 'not-begun', reason: 'the duty moved' }));
    const former = makeDispatch('ise-1', { bus, holders, sendOnce: unlessMoved(first), ...(sleep && { sleep }) });
    const next = makeDispatch('ise-2', { bus, holders, sendOnce: unlessMoved(() => Promise.resolve(accepted)) });
    const promote = async (to: typeof next, name: string) => {
      primary.now = name;
      await to.takeOver();
      former.again();
      next.again();
      await rest();
    };
    const ended = () => bus.ends.map(({ notificationId, end }) => `${notificationId} ${end}`);
    return { bus, primary, former, next, promote, ended };
  }

  it('takes with it what the former holder owes, and what is done stays done', async () => {
    const { bus, former, next, promote, ended } = makePans();
    await former.notify(notice('done'));
    await rest();
    bus.owe('ise-1', notice('owed'));
    await promote(next, 'ise-2');

    expect([former.ids(), next.ids()]).toEqual([['done'], ['owed']]);
    expect(ended()).toEqual(['done accepted', 'owed accepted']);
  });

  it('takes with it what the former holder writes down only then', async () => {
    const { bus, next, promote } = makePans();
    await promote(next, 'ise-2');
    await bus.writeOnce(bus.streams.outbox('pan', 'ise-1'), bus.subjects.outbox('pan', 'ise-1', 'guest-expiry', 'late'), notice('late'));
    await rest();

    expect(next.ids()).toEqual(['late']);
  });

  it('comes back to what the other holder has not done, and to nothing else', async () => {
    const { bus, former, next, promote, ended } = makePans({ first: () => new Promise(() => undefined) });
    bus.owe('ise-1', notice('one'));
    await promote(next, 'ise-2');
    bus.owe('ise-2', notice('two'));
    await promote(former, 'ise-1');
    expect([former.ids(), next.ids(), ended()]).toEqual([['two'], ['one'], ['one accepted']]);
  });

  it('leaves to the new holder what was not begun, which the former one does not send when the duty comes back', async () => {
    const { bus, primary, former, next, promote, ended } = makePans();
    primary.now = 'nobody';
    bus.owe('ise-1', notice('waiting'));
    await former.resume();
    await rest();
    await promote(next, 'ise-2');
    await promote(former, 'ise-1');

    expect([former.ids(), next.ids(), ended()]).toEqual([[], ['waiting'], ['waiting accepted']]);
  });

  it('is followed for each of its personas: a node that has taken over alarms takes over notices, too', async () => {
    const { bus, primary, next } = makePans();
    await next.takeOver('mnt');
    primary.now = 'ise-2';
    await next.takeOver('pan');
    await bus.writeOnce(bus.streams.outbox('pan', 'ise-1'), bus.subjects.outbox('pan', 'ise-1', 'guest-expiry', 'late'), notice('late'));
    await rest();

    expect(next.ids()).toEqual(['late']);
  });

  it('comes back while a retry waits, and what the other holder has done meanwhile is not done again', async () => {
    let again: () => void = () => undefined;
    const { bus, former, next, promote, ended } = makePans({ first: () => Promise.resolve<Outcome>({ kind: 'deferred', stage: 'connect', reason: 'connect timed out' }), sleep: () => new Promise((resolve) => { again = resolve; }) });
    await former.notify(notice('late'));
    await rest();
    await promote(next, 'ise-2');
    await promote(former, 'ise-1');
    again();
    await rest();

    expect([former.ids(), next.ids(), ended()]).toEqual([['late'], ['late'], ['late accepted']]);
    expect(bus.ends).toHaveLength(1);
  });

  it('was told the same fact twice, and what one holder has done ends it for both', async () => {
    const { bus, next, promote } = makePans();
    bus.owe('ise-2', notice('twin'));
    await promote(next, 'ise-2');
    await next.resume();
    await rest();
    await bus.writeOnce(bus.streams.outbox('pan', 'ise-1'), bus.subjects.outbox('pan', 'ise-1', 'guest-expiry', 'twin'), notice('twin'));
    await rest();

    expect(next.ids()).toEqual(['twin']);
    const { outcomes } = bus.streams;
    expect([...bus.messages(outcomes).keys()].sort()).toEqual(['ise-1', 'ise-2'].map((name) => bus.subjects.outcome('pan', name, 'twin')));
  });

  it('leaves what a PSN owes where it is', async () => {
    const bus = new MemoryBus();
    const denied = notification('guest-denied');
    bus.messages(bus.streams.outbox('psn', 'psn-1')).set(bus.subjects.outbox('psn', 'psn-1', denied.purpose, denied.id), denied);
    const other = makeDispatch('psn-2', { bus });
    await other.takeOver('psn');
    await rest();

    expect(other.sent).toEqual([]);
  });
});

it('what cannot be looked up while the node is cut off waits until it is not', async () => {
  const bus = new MemoryBus();
  let cut = true;
  const readLast = bus.readLast.bind(bus);
  bus.readLast = (stream, subject) => (cut && stream.name === bus.streams.outcomes.name ? Promise.reject(new Problem('refused', 'cut-off', 'ise-1 is cut off from NATS', 'Heal it.')) : readLast(stream, subject));
  const waiting: HeldConfiguration = { ...held, pages: { ...held.pages, 'smtp-server': undefined } as never };
  let holding = waiting;
  const { notify, again, ids, defects } = makeDispatch('ise-1', { bus, holds: () => holding });
  await notify(notification('guest-expiry-notice'));
  await rest();
  holding = held;
  again();
  await rest();
  expect([ids(), defects]).toEqual([[], []]);

  cut = false;
  again();
  await rest();
  expect(ids()).toEqual(['guest-expiry-notice-7']);
});

describe('after a start', () => {
  it('what is owed and not done is sent, and what is done is not', async () => {
    const bus = new MemoryBus();
    const before = makeDispatch('ise-1', { bus });
    await before.notify(notification('guest-expiry-notice', 'done'));
    await rest();
    bus.owe('ise-1', notification('guest-expiry-notice', 'first'));
    bus.owe('ise-1', notification('admin-password-reminder', 'second'));
    const { resume, ids } = makeDispatch('ise-1', { bus });
    await resume();
    await rest();

    expect(ids()).toEqual(['first', 'second']);
    expect(bus.ends.map(({ notificationId }) => notificationId)).toEqual(['done', 'first', 'second']);
  });

  it('what is told again while it is on its way is sent once', async () => {
    const bus = new MemoryBus();
    bus.owe('ise-1', notification('guest-expiry-notice'));
    const { notify, resume, ids } = makeDispatch('ise-1', { bus });
    await Promise.all([notify(notification('guest-expiry-notice')), resume(), notify(notification('guest-expiry-notice'))]);
    await rest();

    expect(ids()).toEqual(['guest-expiry-notice-7']);
  });

  it('what is told for the first time while the node resumes is sent once', async () => {
    const { notify, resume, ids } = makeDispatch('ise-1', { sendOnce: async () => { await rest(); return accepted; } });
    await Promise.all([notify(notification('guest-expiry-notice')), resume()]);
    await rest();
    await rest();

    expect(ids()).toEqual(['guest-expiry-notice-7']);
  });

  it("what a node's other persona owes is sent by its own rule", async () => {
    const bus = new MemoryBus();
    const alarm = notification('alarm');
    bus.messages(bus.streams.outbox('mnt', 'ise-2')).set(bus.subjects.outbox('mnt', 'ise-2', 'alarm', alarm.id), alarm);
    bus.owe('ise-2', notification('guest-expiry-notice'));
    const { resume, ids } = makeDispatch('ise-2', { bus });
    await resume();
    await rest();

    expect(ids()).toEqual(['alarm-7']);
    expect(bus.ends.map(({ notificationId }) => notificationId)).toEqual(['alarm-7']);
  });
});
