import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { guestLogName } from '@isesim/node';
import type { Deployment, NodeState, OutboxEntry } from '@isesim/deployment';
import { formatInstant, parseDuration, parseInstant, type Alarm, type Audit, type DeploymentNode, type Duty, type DutyHolders, holdersAt, type MailRecord } from '@isesim/domain';
import { mailsThatFit, type MailWanted, type Stage } from '@isesim/scenario';
import type { BootedDeployment } from '@isesim/launch';
import { stepMethods, type StepMethods } from './step-methods.ts';

/** A booted deployment with the steps of a scenario as its methods. */
export type TestDeployment = RunningDeployment & StepMethods;

export function testDeployment(booted: BootedDeployment, defects: readonly unknown[]): TestDeployment {
  const running = new RunningDeployment(booted, defects);
  const steps = stepMethods(() => running.stage, () => { running.throwDefects(); });
  return Object.assign(running, steps);
}

/** What a test looks at. */
export class RunningDeployment implements AsyncDisposable {
  readonly #booted: BootedDeployment;
  readonly #defects: readonly unknown[];

  constructor(booted: BootedDeployment, defects: readonly unknown[]) {
    this.#booted = booted;
    this.#defects = defects;
  }

  get nodes(): readonly DeploymentNode[] {
    return this.#deployment.nodes;
  }

  /** What steps act on. */
  get stage(): Stage {
    return { deployment: this.#deployment, folder: this.#booted.folder };
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
        this.throwDefects();
      },
    };
  }

  /** Resolves when all that was done so far has had its effect. */
  async quiet(): Promise<void> {
    await this.#deployment.quiet();
    this.throwDefects();
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
  async mails(filter: MailWanted = {}): Promise<MailRecord[]> {
    await this.quiet();
    return mailsThatFit({ deployment: this.#deployment }, filter);
  }

  /** Who held the duties at a simulated instant (ISO 8601). */
  holdersAt(instant: string): DutyHolders {
    return holdersAt(this.#deployment.history, Date.parse(instant));
  }

  /** What the nodes owe by mail, and how what is done has ended. */
  async outbox(): Promise<OutboxEntry[]> {
    await this.quiet();
    return this.#deployment.outbox();
  }

  async alarms(): Promise<Alarm[]> {
    await this.quiet();
    return this.#deployment.alarms();
  }

  /** A mail as Exchange received it. */
  source(id: string): string {
    const mail = this.#deployment.mails.find(id);
    if (!mail) throw new RangeError(`no mail ${id}`);
    return mail.source;
  }

  async audit(): Promise<Audit> {
    await this.quiet();
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
    this.throwDefects();
  }

  get #deployment(): Deployment {
    return this.#booted.deployment;
  }

  /** Throws what went wrong inside isesim itself: no test must pass over it. */
  throwDefects(): void {
    if (this.#defects.length > 0) throw new AggregateError(this.#defects, 'isesim has a defect');
  }

  #instantOf(step: string): number {
    const ms = parseDuration(step);
    const instant = ms === undefined ? parseInstant(step) : this.#deployment.now() + ms;
    if (instant === undefined) throw new RangeError(`"${step}" is neither a duration (3d) nor a date (2026-02-05)`);
    return instant;
  }
}
