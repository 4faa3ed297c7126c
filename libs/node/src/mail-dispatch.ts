import {
  maySend,
  Problem,
  rowOf,
  type Clock,
  type DeploymentNode,
  type DutyHolders,
  type HeldConfiguration,
  type MailEnd,
  type Notification,
  type Persona,
  type Purpose,
  type Random,
  type Work,
} from '@isesim/domain';
import { composeMail, deliver, Outbox } from '@isesim/notifications';
import type { OAuthMail } from '@isesim/oauth-mail';
import { fromAddress } from './from-address.ts';
import { pageOf } from './held-page.ts';
import type { NodeBus } from './reachable-bus.ts';
import type { SendLog } from './send-log.ts';

export interface MailDispatchOptions {
  readonly node: DeploymentNode;
  readonly bus: NodeBus;
  readonly clock: Clock & Work;
  readonly random: Random;
  readonly mail: OAuthMail;
  readonly log: SendLog;
  readonly held: () => HeldConfiguration;
  readonly holders: () => DutyHolders;
  readonly onDefect: (what: string, error: unknown) => void;
}

/** From a notification to its end: may this node send it, durable outbox, delivery, durable outcome. */
export class MailDispatch {
  readonly #options: MailDispatchOptions;
  readonly #outboxes: ReadonlyMap<Persona, Outbox>;
  readonly #underway = new Set<string>();
  readonly #notBegun = new Map<Notification, Outbox>();
  readonly #followed = new Set<string>();

  constructor(options: MailDispatchOptions) {
    this.#options = options;
    const { bus, node } = options;
    this.#outboxes = new Map(node.personas.map((persona) => [persona, new Outbox({ bus, persona, node: node.name })]));
  }

  /** Resolves when the notification is durable; its mail follows. Throws `not-the-sender` where the node table says no. */
  async notify(notification: Notification): Promise<void> {
    const { node, log } = this.#options;
    const { sender, persona } = rowOf(notification.purpose);
    const outbox = this.#outboxes.get(persona);
    if (!outbox || !this.#mayBegin(notification.purpose)) {
      log.refused(notification, sender);
      throw new Problem('refused', 'not-the-sender', `${node.name} does not send ${notification.purpose} mail`, `The ${sender} sends it.`);
    }
    if (await this.#toldByPeer(persona, notification)) return;
    if ((await outbox.enqueue(notification)) === 'new') this.#begin(outbox, notification);
  }

  /** After a start: whatever this node owes and has not ended goes out. */
  async resume(): Promise<void> {
    for (const outbox of this.#outboxes.values()) {
      for await (const notification of outbox.undone()) this.#begin(outbox, notification, { isOld: true });
    }
  }

  /** The node has come to hold a duty of `persona`: what the former holder owes goes out from here, and what it still writes down. */
  async takeOver(persona: Persona): Promise<void> {
    for (const outbox of this.#peerOutboxes(persona)) {
      if (this.#followed.has(followName(outbox))) for await (const notification of outbox.undone()) this.#begin(outbox, notification, { isOld: true });
      else await this.#follow(outbox);
    }
  }

  /** Goes on with what was not begun because the duty to send it was not certain, or there was no SMTP server to send it to. */
  again(): void {
    for (const [notification, outbox] of this.#notBegun) {
      if (!this.#mayBegin(notification.purpose) || !this.#settingsNow()) continue;
      this.#notBegun.delete(notification);
      this.#begin(outbox, notification, { isOld: true });
    }
  }

  /** From its beginning on: what is done already is looked at, too, and found ended. */
  async #follow(outbox: Outbox): Promise<void> {
    const name = followName(outbox);
    this.#followed.add(name);
    try {
      await outbox.follow((notification) => { if (this.#mayBegin(notification.purpose)) this.#begin(outbox, notification, { isOld: true }); });
    } catch (error) {
      this.#followed.delete(name);
      throw error;
    }
  }

  #begin(outbox: Outbox, notification: Notification, { isOld = false } = {}): void {
    // A fact that is told again while this node resumes is on its way already.
    if (this.#underway.has(notification.id)) return;
    this.#underway.add(notification.id);
    const { clock, onDefect } = this.#options;
    const what = `mail ${notification.id}`;
    clock
      .start(what, () => this.#deliver(outbox, notification, isOld))
      .catch((error: unknown) => {
        // Cut off meanwhile: it goes on when that has ended.
        if (error instanceof Problem && error.code === 'cut-off') this.#notBegun.set(notification, outbox);
        else onDefect(what, error);
      })
      .finally(() => this.#underway.delete(notification.id));
  }

  async #deliver(outbox: Outbox, notification: Notification, isOld: boolean): Promise<void> {
    const { node, clock, random, mail, held, log } = this.#options;
    let ended: ReturnType<SendLog['begins']> | undefined;
    const end = await deliver(notification.id, {
      settingsNow: () => this.#settingsNow(),
      compose: () =>
        composeMail(notification, {
          from: fromAddress(notification, held()),
          node: node.name,
          domain: pageOf(held(), 'deployment').domain,
        }),
      mayBegin: () => this.#mayBegin(notification.purpose),
      isOld,
      endedElsewhere: () => this.#endedElsewhere(outbox, notification.id),
      sendOnce: (composed, settings, attempt) => {
        ended = log.begins(notification, settings);
        return mail.sendOnce(composed, settings, attempt);
      },
      clock,
      random,
      onAttempt: (_mail, attempts) => {
        ended?.(attempts);
      },
    });
    if (end) return await outbox.end(end);
    this.#notBegun.set(notification, outbox);
    if (!this.#settingsNow()) log.waits(notification, 'the SMTP server is not configured');
  }

  /** Of a duty that can move: a mail has ended when it has in any outbox that the same fact was told in. */
  async #endedElsewhere({ persona }: Outbox, id: string): Promise<MailEnd | undefined> {
    const own = this.#outboxes.get(persona);
    for (const outbox of persona === 'psn' || !own ? [] : [own, ...this.#peerOutboxes(persona)]) {
      const end = await outbox.endOf(id);
      if (end) return end;
    }
    return undefined;
  }

  #settingsNow() {
    const { pages, revision } = this.#options.held();
    const settings = pages['smtp-server'];
    return settings && { settings, revision };
  }

  #mayBegin(purpose: Purpose): boolean {
    return maySend(this.#options.node, purpose, this.#options.holders());
  }

  /** A duty may have been another's when the same fact was first told: its outbox has it then. */
  async #toldByPeer(persona: Persona, notification: Notification): Promise<boolean> {
    for (const outbox of this.#peerOutboxes(persona)) {
      if (await outbox.has(notification)) return true;
    }
    return false;
  }

  /** Those that a duty can pass to and from; what a PSN owes stays its own. */
  #peerOutboxes(persona: Persona): Outbox[] {
    if (persona === 'psn') return [];
    const { node, bus, held } = this.#options;
    const peers = pageOf(held(), 'deployment').nodes.filter(({ name, personas }) => name !== node.name && personas.includes(persona));
    return peers.map(({ name }) => new Outbox({ bus, persona, node: name }));
  }
}

function followName({ persona, node }: Outbox): string {
  return `${persona} ${node}`;
}
