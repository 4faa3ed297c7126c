import { Secret, seededRandom, type Alarm, type ConnectionTest, type DeploymentNode, type Guest, type HeldConfiguration, type InternalUser, type LogLine, type Notification, type Page, type PageName, type SmtpServerSettings, type TraceEvent } from '@isesim/domain';
import type { IseNode } from '@isesim/node';

type Verb = Parameters<IseNode['answer']>[0];
type Account = Parameters<IseNode['putAccount']>[0];
type Pages = { -readonly [Name in PageName]: Page<Name> };

/** A node for tests: what a persona asks of it, in memory, and a clock that the test moves. */
export class TestNode {
  readonly incarnation: string;
  readonly self: DeploymentNode = { name: 'ise-1', fqdn: 'ise-1.ise.example', address: '127.0.0.2', personas: ['pan'], roles: { pan: 'primary' } };
  /** What happened to it, in order. */
  readonly events: string[] = [];
  readonly notified: Notification[] = [];
  /** Alarms that it raised, by the fact that each tells. */
  readonly raised = new Map<string, Pick<Alarm, 'name' | 'severity' | 'details' | 'raisedAt'>>();
  readonly guests = new Map<string, Guest>();
  readonly users: InternalUser[] = [];
  /** What it wrote into guest.log. */
  readonly logged: LogLine[] = [];
  /** What was tested, and how each test is to end; a new one succeeds. */
  readonly connectionTests: SmtpServerSettings[] = [];
  connectionTest: Partial<ConnectionTest> & { readonly events?: readonly TraceEvent[] } = {};
  readonly pages: Pages = { ...firstPages };
  readonly sealingKey = Buffer.alloc(32, 7).toString('base64');
  epoch = 0;
  primaryPan = 'ise-1';
  /** Holds every notification up until it resolves. */
  telling: Promise<void> = Promise.resolve();
  readonly #answers = new Map<Verb, (value: unknown, asker: string) => Promise<unknown>>();
  readonly #timers = new Set<{ due: number; what: string; work: () => Promise<void> }>();
  readonly #listeners: ((held: HeldConfiguration) => void)[] = [];
  readonly #writtenAt: Record<string, number> = {};
  #now: number;

  constructor(now: number, incarnation = 'ise-1#1') {
    this.#now = now;
    this.incarnation = incarnation;
  }

  /** Itself, as its personas are handed it. */
  get node(): IseNode {
    return this as unknown as IseNode;
  }

  /** What is to happen by itself, earliest first. */
  get due(): { due: number; what: string }[] {
    return [...this.#timers].map(({ due, what }) => ({ due, what })).sort((a, b) => a.due - b.due);
  }

  /** Lets time pass, doing what falls due on the way. */
  async advance(to: number): Promise<void> {
    for (;;) {
      const next = [...this.#timers].filter(({ due }) => due <= to).sort((a, b) => a.due - b.due)[0];
      if (!next) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.due);
      await next.work();
    }
    this.#now = Math.max(this.#now, to);
  }

  /** Asks it over the bus. */
  async ask(verb: Verb, value: unknown, asker = 'operator'): Promise<unknown> {
    const answer = this.#answers.get(verb);
    if (!answer) throw new RangeError(`nobody answers ${verb}`);
    return await answer(value, asker);
  }

  // As its personas see it

  readonly world = {
    clock: {
      now: () => this.#now,
      at: (due: number, what: string, work: () => Promise<void>) => {
        const timer = { due, what, work };
        this.#timers.add(timer);
        return () => this.#timers.delete(timer);
      },
    },
    random: seededRandom(1, 'ise-1'),
    log: { write: (line: LogLine) => this.logged.push(line) },
  };

  readonly settings = {
    held: (): HeldConfiguration => ({ revision: this.events.length, epoch: this.epoch, primaryPan: this.primaryPan, pages: this.pages, writtenAt: this.#writtenAt }),
    onChange: (listener: (held: HeldConfiguration) => void) => this.#listeners.push(listener),
    promote: () => this.#note('promoted'),
    write: (pages: Record<string, unknown>) => {
      for (const [page, value] of Object.entries(pages)) {
        if (value === null) Reflect.deleteProperty(this.pages, page);
        else Object.assign(this.pages, { [page]: value });
        this.#writtenAt[page] = this.#now;
      }
      for (const listener of this.#listeners) listener(this.settings.held());
      return this.#note(`wrote ${Object.keys(pages).join(', ')}`);
    },
  };

  page<Name extends PageName>(name: Name): Page<Name> {
    return this.pages[name];
  }

  holds(): boolean {
    return this.primaryPan === this.self.name;
  }

  holders() {
    return { 'primary PAN': this.primaryPan };
  }

  testConnection(settings: SmtpServerSettings, { by, onTrace }: { readonly by: ConnectionTest['by']; readonly onTrace?: (event: TraceEvent) => void }): Promise<ConnectionTest> {
    const { events = [], ...result } = this.connectionTest;
    this.connectionTests.push(settings);
    for (const event of events) onTrace?.(event);
    const reply = { code: 235, text: 'Authentication successful' };
    return Promise.resolve({ node: this.self.name, by, succeeded: true, message: `Successfully connected to ${settings.host}.`, certainty: 'documented', outcome: { kind: 'accepted', reply }, ...result });
  }

  async notify(notification: Notification): Promise<void> {
    this.notified.push(notification);
    await this.telling;
  }

  raiseAlarmOf(fact: string, alarm: Pick<Alarm, 'name' | 'severity' | 'details'>): Promise<void> {
    if (!this.raised.has(fact)) this.raised.set(fact, { ...alarm, raisedAt: this.#now });
    return this.telling;
  }

  answer(verb: Verb, answer: (value: never, asker: string) => Promise<unknown>): void {
    this.#answers.set(verb, answer as (value: unknown, asker: string) => Promise<unknown>);
  }

  guest(id: string): Promise<Guest | undefined> {
    return Promise.resolve(this.guests.get(id));
  }

  writeGuest(guest: Guest): Promise<boolean> {
    if (this.guests.has(guest.id)) return Promise.resolve(false);
    this.guests.set(guest.id, guest);
    return this.#note(`wrote guest ${guest.username}`).then(() => true);
  }

  async changeGuest(id: string, change: (former: Guest) => Guest): Promise<Guest | undefined> {
    const former = this.guests.get(id);
    if (!former) return undefined;
    const guest = change(former);
    await this.putAccount({ kind: 'guest', guest });
    return guest;
  }

  putAccount(account: Account): Promise<void> {
    if (account.kind === 'guest') this.guests.set(account.guest.id, account.guest);
    else this.users.splice(0, this.users.length, ...this.users.filter(({ name }) => name !== account.user.name), account.user);
    return this.#note(`put account ${account.kind === 'guest' ? account.guest.username : account.user.name}`);
  }

  writeInternalUser(user: InternalUser): Promise<void> {
    this.users.push(user);
    return this.#note(`wrote user ${user.name}`);
  }

  async *accounts() {
    for (const guest of this.guests.values()) yield { kind: 'guest', guest };
    for (const user of this.users) yield await Promise.resolve({ kind: 'internal-user', user });
  }

  #note(event: string): Promise<void> {
    this.events.push(event);
    return Promise.resolve();
  }
}

const from = 'no-reply@contoso.onmicrosoft.com';
const noNotice = { enabled: false, beforeMs: 0 };

const firstPages: Pages = {
  deployment: { domain: 'ise.example', iseVersion: '3.5P1', nodes: [] },
  'smtp-server': { host: 'smtp.office365.com', port: 587, connectionTimeoutMs: 60_000, tls: true, authentication: { type: 'password', username: from, password: new Secret('hunter2') } },
  'trusted-certificates': { certificates: [] },
  proxy: { proxy: null },
  'log-levels': { levels: [] },
  'alarm-notification': { from, additionalRecipients: [], clientSecretDays: [90, 60, 30], clientSecretDaily: true },
  'guest-email': { enabled: true, from, useSponsorAddress: false },
  'password-policy': { administrators: { lifetimeDays: 45, reminderDays: 30 }, internalUsers: { lifetimeDays: 60, reminderDays: 10 }, reminders: 'once' },
  administrators: { administrators: [] },
  sponsors: { sponsors: [{ name: 'sponsoruser', email: 'sponsor@contoso.example', group: 'ALL_ACCOUNTS' }] },
  'guest-types': {
    guestTypes: [
      { name: 'Contractor', maxDays: 90, expiryNotice: { enabled: true, beforeMs: 3 * 86_400_000 } },
      { name: 'Daily', maxDays: 5, expiryNotice: noNotice },
    ],
  },
  portals: { portals: [{ name: 'self-registered', type: 'self-registration', requireApproval: false }, { name: 'sponsor', type: 'sponsor', requireApproval: false }] },
};
