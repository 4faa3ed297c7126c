import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { guestLogName } from '@isesim/node';
import type { Deployment, MailFilter, NodeState } from '@isesim/deployment';
import { formatInstant, parseDuration, parseInstant, type Audit, type DeploymentNode, type Duty, type Guest, type MailRecord, type SmtpServerSettings } from '@isesim/domain';
import type { BootedDeployment } from '@isesim/launch';

export interface GuestRequest {
  readonly node?: string;
  readonly portal?: string;
  readonly type?: string;
  readonly email: string;
  readonly validFor?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly sponsor?: string;
}

export interface AlarmRequest {
  readonly name: string;
  readonly node?: string;
  readonly severity?: 'Critical' | 'Warning' | 'Info';
  readonly details?: string;
}

/** A booted deployment with the verbs of a scenario. */
export class TestDeployment implements AsyncDisposable {
  readonly #booted: BootedDeployment;
  readonly #defects: readonly unknown[];

  constructor(booted: BootedDeployment, defects: readonly unknown[]) {
    this.#booted = booted;
    this.#defects = defects;
  }

  get nodes(): readonly DeploymentNode[] {
    return this.#deployment.nodes;
  }

  get microsoft365() {
    return { ...this.#deployment.microsoft365, caFile: this.#booted.caFile };
  }

  get natsUrl(): string {
    return this.#booted.natsUrl;
  }

  /** Process id of the private nats-server. */
  get natsPid(): number {
    return this.#booted.natsPid();
  }

  get folder(): string {
    return this.#booted.folder;
  }

  /** Simulated time. */
  get clock() {
    return {
      now: () => formatInstant(this.#deployment.now()),
      /** By a duration (`3d`) or to a date, doing all that falls due on the way. */
      advance: async (step: string) => {
        await this.#deployment.advance(this.#instantOf(step));
        this.#throwDefects();
      },
    };
  }

  async createGuest({ node, portal = this.#portal('sponsor'), validFor, ...form }: GuestRequest): Promise<Guest> {
    const { guest } = await this.#deployment.ask(node ?? this.#psn(), 'create-guest', { ...form, portal, ...validity(validFor) });
    return guest;
  }

  async selfRegister({ node, portal = this.#portal('self-registration'), validFor, ...form }: GuestRequest): Promise<Guest> {
    const { guest } = await this.#deployment.ask(node ?? this.#psn(), 'self-register', { ...form, portal, ...validity(validFor) });
    return guest;
  }

  async raiseAlarm({ name, node = this.#psn(), severity = 'Warning', details = '' }: AlarmRequest): Promise<string> {
    return (await this.#deployment.ask(node, 'raise-alarm', { name, severity, details })).id;
  }

  /** Runs on the node that holds the duty, as the page of the admin interface does. */
  async sendTestMail({ portal = this.#portal('self-registration'), to }: { readonly portal?: string; readonly to: string }): Promise<void> {
    await this.#deployment.ask(this.#deployment.holderOf('primary PAN'), 'send-test-mail', { portal, to });
  }

  /** Edits the draft of the SMTP Server page; `saveSmtp` makes it a revision. */
  async setSmtp(fields: Partial<SmtpServerSettings>): Promise<void> {
    await this.#deployment.setSmtp(fields);
  }

  /** Resolves with the revision when every node that is running holds it. */
  async saveSmtp(): Promise<number> {
    const { revision } = await this.#deployment.ask(this.#deployment.holderOf('primary PAN'), 'smtp-save', {});
    await this.#deployment.quiet();
    return revision;
  }

  /** Stops a node where it is, until `heal`. */
  pause(node: string): Promise<void> {
    return this.#deployment.pause(node);
  }

  heal(): Promise<void> {
    return this.#deployment.heal();
  }

  kill(node: string): Promise<void> {
    return this.#deployment.kill(node);
  }

  start(node: string): Promise<void> {
    return this.#deployment.start(node);
  }

  /** What keeps time from passing, in words; empty when all is done. */
  blockers(): string[] {
    return this.#deployment.coordinator.blockers();
  }

  holderOf(duty: Duty): string {
    return this.#deployment.holderOf(duty);
  }

  status(): NodeState[] {
    return this.#deployment.states();
  }

  /** All mail accepted once everything that was done so far has had its effect. */
  async mails(filter: MailFilter = {}): Promise<MailRecord[]> {
    await this.#deployment.quiet();
    this.#throwDefects();
    return this.#deployment.mails.all(filter);
  }

  /** A mail as Exchange received it. */
  source(id: string): string {
    const mail = this.#deployment.mails.find(id);
    if (!mail) throw new RangeError(`no mail ${id}`);
    return mail.source;
  }

  async audit(): Promise<Audit> {
    await this.#deployment.quiet();
    this.#throwDefects();
    return this.#deployment.audit();
  }

  guestLog(node: string): Promise<string> {
    return readFile(join(this.#booted.folder, 'nodes', node, guestLogName), 'utf8');
  }

  stop(): Promise<void> {
    return this.#booted.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    this.#throwDefects();
  }

  get #deployment(): Deployment {
    return this.#booted.deployment;
  }

  #throwDefects(): void {
    if (this.#defects.length > 0) throw new AggregateError(this.#defects, 'isesim has a defect');
  }

  #instantOf(step: string): number {
    const ms = parseDuration(step);
    const instant = ms === undefined ? parseInstant(step) : this.#deployment.now() + ms;
    if (instant === undefined) throw new RangeError(`"${step}" is neither a duration (3d) nor a date (2026-02-05)`);
    return instant;
  }

  #psn(): string {
    const psn = this.nodes.find(({ personas }) => personas.includes('psn'));
    if (!psn) throw new RangeError('the topology has no PSN');
    return psn.name;
  }

  #portal(type: 'sponsor' | 'self-registration'): string {
    const portal = this.#deployment.topology.portals.find((each) => each.type === type);
    if (!portal) throw new RangeError(`the topology has no ${type} portal`);
    return portal.name;
  }
}

function validity(validFor: string | undefined): { validForMs?: number } {
  if (validFor === undefined) return {};
  const ms = parseDuration(validFor);
  if (ms === undefined) throw new RangeError(`"${validFor}" is not a duration, as 5d`);
  return { validForMs: ms };
}
