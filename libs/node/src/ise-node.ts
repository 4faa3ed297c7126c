import { operator, OutdatedWrite, type Account, type Answers, type Takes, type Verb } from '@isesim/bus';
import {
  Problem,
  rowOf,
  type Alarm,
  type ConnectionTest,
  type DeploymentNode,
  type Duty,
  type DutyHolders,
  type Guest,
  type HeldConfiguration,
  type InternalUser,
  type Notification,
  type PageName,
  type SmtpServerSettings,
  type World,
} from '@isesim/domain';
import type { OAuthMail } from '@isesim/oauth-mail';
import type { SettingsReplication } from '@isesim/settings-replication';
import { testConnection, type ConnectionTestOptions } from './connection-test.ts';
import { holdersOf, isComplete } from './duties.ts';
import { pageOf } from './held-page.ts';
import type { MailDispatch } from './mail-dispatch.ts';
import type { Reach } from './reach.ts';
import type { NodeBus } from './reachable-bus.ts';
import { askedByNodes } from './refuse-verbs.ts';

export interface IseNodeParts {
  readonly self: DeploymentNode;
  /** `psn-1#2` */
  readonly incarnation: string;
  readonly world: World;
  readonly bus: NodeBus;
  readonly reach: Reach;
  readonly settings: SettingsReplication;
  readonly dispatch: MailDispatch;
  readonly mail: Pick<OAuthMail, 'testConnection'>;
  readonly sealingKey: string;
  readonly onDefect: (what: string, error: unknown) => void;
}

/** What a persona does with its duty while it holds it. */
export type TakeDuty = () => Promise<ReleaseDuty>;
export type ReleaseDuty = () => void;

/** A node as its personas see it: the one thing that they are handed. */
export class IseNode {
  readonly self: DeploymentNode;
  /** `psn-1#2`: part of the cause of what happened once and is told apart by a count, which begins anew with each start. */
  readonly incarnation: string;
  readonly world: World;
  readonly settings: SettingsReplication;
  readonly sealingKey: string;
  readonly #parts: IseNodeParts;

  constructor(parts: IseNodeParts) {
    this.#parts = parts;
    this.self = parts.self;
    this.incarnation = parts.incarnation;
    this.world = parts.world;
    this.settings = parts.settings;
    this.sealingKey = parts.sealingKey;
  }

  /** A settings page as this node holds it now. Throws `no-configuration` before it has arrived, `smtp-not-configured` for an empty one. */
  page<Name extends PageName>(name: Name): NonNullable<HeldConfiguration['pages'][Name]> {
    return pageOf(this.settings.held(), name);
  }

  holders(): DutyHolders {
    return holdersOf(this.settings.held());
  }

  holds(duty: Duty): boolean {
    return this.holders()[duty] === this.self.name;
  }

  /**
   * Calls `take` when this node comes to hold `duty` with its whole configuration, and what `take` returns when it loses it. A node
   * that is cut off from the others cannot know that a duty is still its own, so it has none.
   */
  async whileHolding(duty: Duty, take: TakeDuty): Promise<void> {
    const { reach } = this.#parts;
    let release: Promise<ReleaseDuty> | undefined;
    let ending: Promise<void> | undefined;
    // One term after the other: what takes a duty up and what gives it back must not meet.
    const takeBehind = async (former: Promise<void> | undefined) => {
      if (former) await this.world.work.slot(former);
      return take();
    };
    const giveBack = async (taken: Promise<ReleaseDuty>) => (await this.world.work.slot(taken))();
    const look = async (held: HeldConfiguration) => {
      const holds = reach.current && isComplete(held) && holdersOf(held)[duty] === this.self.name;
      if (holds && !release) {
        release = takeBehind(ending);
        // A duty that could not be taken up is tried again with what changes next.
        await release.catch((error: unknown) => {
          release = undefined;
          throw error;
        });
      }
      if (!holds && release) {
        const taken = release;
        release = undefined;
        ending = giveBack(taken).finally(() => { ending = undefined; });
        await ending;
      }
    };
    this.settings.onChange(look);
    reach.onChange(() => look(this.settings.held()));
    await look(this.settings.held());
  }

  /** Tells a fact by mail: refused when this node is not the sender for its purpose. Resolves when it is durable. */
  async notify(notification: Notification): Promise<void> {
    const { dispatch, reach } = this.#parts;
    const { sender } = rowOf(notification.purpose);
    if (!reach.current && sender !== 'serving PSN' && this.holds(sender)) throw reach.problem(`it cannot know that it is still the ${sender}, which sends ${notification.purpose} mail`);
    return dispatch.notify(notification);
  }

  /** Gets a token of its own, connects and authenticates from this node; sends nothing. */
  testConnection(settings: SmtpServerSettings, options: Omit<ConnectionTestOptions, 'node' | 'mail' | 'clock'>): Promise<ConnectionTest> {
    return testConnection(settings, { ...options, node: this.self.name, mail: this.#parts.mail, clock: this.world.clock });
  }

  answer<V extends Verb>(verb: V, answer: (value: Takes<V>, asker: string) => Promise<Answers<V>>): void {
    this.#parts.bus.answer(verb, (value, asker) => {
      if (asker === operator || asker === this.self.name || askedByNodes.includes(verb)) return answer(value, asker);
      throw new Problem('refused', 'not-allowed', `${asker} may not ask ${this.self.name} to "${verb}"`, 'This is asked on a person\'s behalf only.');
    });
  }

  ask<V extends Verb>(responder: string, verb: V, value: Takes<V>): Promise<Answers<V>> {
    return this.#parts.bus.ask(responder, verb, value);
  }

  /** Raises an alarm for the whole deployment: every MnT collects it, the active one mails it. */
  async raiseAlarm(alarm: Omit<Alarm, 'id' | 'node' | 'raisedAt'>): Promise<Alarm> {
    const { bus } = this.#parts;
    const raisedAt = this.world.clock.now();
    for (let count = 0; ; count += 1) {
      const id = this.world.random.text(`alarm ${alarm.name} ${raisedAt} ${count}`, 12);
      const raised: Alarm = { ...alarm, id, node: this.self.name, raisedAt };
      // The same alarm twice within one simulated moment is two alarms: the next id is free.
      if (await wrote(() => bus.writeFenced(bus.streams.alarms, bus.subjects.alarm(this.self.name, id), raised, 'subject is new'))) return raised;
    }
  }

  /**
   * Raises an alarm whose id names the fact that it tells, once on this node. Another node that looks writes a message of its own, under
   * its own name: whoever reads alarms takes those of one id for one, and the mail of the active MnT is one by that id.
   */
  async raiseAlarmOf(id: string, alarm: Omit<Alarm, 'id' | 'node' | 'raisedAt'>): Promise<void> {
    const { bus } = this.#parts;
    const raised: Alarm = { ...alarm, id, node: this.self.name, raisedAt: this.world.clock.now() };
    await wrote(() => bus.writeFenced(bus.streams.alarms, bus.subjects.alarm(this.self.name, id), raised, 'subject is new'));
  }

  /** Takes every alarm of the deployment, oldest first, each once. */
  async followAlarms(take: (alarm: Alarm) => Promise<void>): Promise<void> {
    const { bus } = this.#parts;
    // The writer stands in the subject, where only its own account may write; an alarm in another's name is none.
    await bus.follow(bus.streams.alarms, ({ subject, value }) => (subject === bus.subjects.alarm(value.node, value.id) ? take(value) : undefined));
  }

  async writeGuest(guest: Guest): Promise<boolean> {
    const { bus } = this.#parts;
    return wrote(() => bus.writeFenced(bus.streams.accounts, bus.subjects.guest(guest.id), { kind: 'guest', guest }, 'subject is new'));
  }

  /** The guest with this id. */
  async guest(id: string): Promise<Guest | undefined> {
    const { bus } = this.#parts;
    const found = await bus.readLast(bus.streams.accounts, bus.subjects.guest(id));
    return found?.value.kind === 'guest' ? found.value.guest : undefined;
  }

  /**
   * Writes what `change` makes of the guest with this id: anew when another has written it since it was read, so nobody's change is written
   * over unseen. Undefined when there is no such guest.
   */
  async changeGuest(id: string, change: (former: Guest) => Guest): Promise<Guest | undefined> {
    const { bus } = this.#parts;
    const subject = bus.subjects.guest(id);
    for (;;) {
      const found = await bus.readLast(bus.streams.accounts, subject);
      if (found?.value.kind !== 'guest') return undefined;
      const guest = change(found.value.guest);
      if (await wrote(() => bus.writeFenced(bus.streams.accounts, subject, { kind: 'guest', guest }, { lastOfSubject: found.sequence }))) return guest;
    }
  }

  /** Writes an account whatever stands there, as a restore does. */
  async putAccount(account: Account): Promise<void> {
    const { bus } = this.#parts;
    const subject = account.kind === 'guest' ? bus.subjects.guest(account.guest.id) : bus.subjects.internalUser(account.user.name);
    await bus.write(bus.streams.accounts, subject, account);
  }

  async writeInternalUser(user: InternalUser): Promise<void> {
    const { bus } = this.#parts;
    await bus.write(bus.streams.accounts, bus.subjects.internalUser(user.name), { kind: 'internal-user', user });
  }

  async *accounts(): AsyncGenerator<Account> {
    const { bus } = this.#parts;
    for await (const { value } of bus.readAll(bus.streams.accounts)) yield value;
  }

  /** For work that nobody awaits: its failure is a defect of ours and is shown. */
  onDefect(what: string, error: unknown): void {
    this.#parts.onDefect(what, error);
  }
}

async function wrote(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof OutdatedWrite) return false;
    throw error;
  }
}
