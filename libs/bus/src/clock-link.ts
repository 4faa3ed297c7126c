import { grantSchema, nameOf, workReportSchema, type Grant, type WorkReport } from '@isesim/domain';
import type { Msg, NatsConnection } from 'nats';
import type * as z from 'zod';
import type { Subjects } from './streams.ts';

export interface ClockLinkOptions {
  readonly connection: NatsConnection;
  readonly name: string;
  readonly subjects: Subjects;
}

// After the first report, while nobody has granted anything: the coordinator may still be on its way back to a server that was
// started again, and then nobody has heard it.
const firstAgainMs = [250, 500, 1_000];

/**
 * Reports and grants of the simulated clock, over plain NATS. What is lost with the server can be said again: reports are
 * cumulative, and a grant is obeyed once, in the order of the numbers.
 */
export class ClockLink {
  readonly #options: ClockLinkOptions;
  readonly #unobeyed = new Map<string, { readonly incarnation: string; readonly grants: Grant[] }>();
  readonly #heard = new Map<string, number>();
  #lastReport: WorkReport | undefined;
  /** The number of the last grant. */
  #obeyed = 0;

  constructor(options: ClockLinkOptions) {
    this.#options = options;
  }

  report(report: WorkReport): void {
    const { name, subjects } = this.#options;
    if (!this.#lastReport) this.#sayAgainUntilGranted();
    if (!report.open) this.#lastReport = report;
    this.#say(subjects.work(name), report);
  }

  onGrant(obey: (grant: Grant) => void): void {
    const { connection, name, subjects } = this.#options;
    connection.subscribe(subjects.grant(name), {
      callback: (_error, message) => {
        const grant = read(grantSchema, message);
        if (grant?.asks) return obey(grant);
        if (grant && grant.number <= this.#obeyed && this.#lastReport) this.#say(subjects.work(name), this.#lastReport);
        if (grant?.number !== this.#obeyed + 1) return;
        this.#obeyed = grant.number;
        obey(grant);
      },
    });
  }

  grant(agent: string, grant: Grant): void {
    if (grant.asks) return this.#say(this.#options.subjects.grant(agent), grant);
    const entry = this.#unobeyed.get(agent) ?? { incarnation: '', grants: [] };
    entry.grants.push(grant);
    this.#unobeyed.set(agent, entry);
    this.#say(this.#options.subjects.grant(agent), grant);
  }

  onReport(received: (report: WorkReport) => void): void {
    const { connection, subjects } = this.#options;
    connection.subscribe(subjects.work('*'), {
      callback: (_error, message) => {
        const report = read(workReportSchema, message);
        // Its account lets an agent publish under its own name alone, so what it says inside must fit.
        if (!report || nameOf(report.agent) !== message.subject.split('.').at(-1)) return;
        this.#forgetObeyed(report);
        this.#repeatIfMissed(report);
        received(report);
      },
    });
  }

  /** Says the last report again: what was lost on either side of it shows. */
  beat(): void {
    if (this.#lastReport) this.report(this.#lastReport);
  }

  repeat(): void {
    this.beat();
    for (const [agent, { grants }] of this.#unobeyed) for (const grant of grants) this.#say(this.#options.subjects.grant(agent), grant);
  }

  #sayAgainUntilGranted(): void {
    for (const ms of firstAgainMs) setTimeout(() => { if (this.#obeyed === 0) this.beat(); }, ms).unref();
  }

  /** An agent that says the same again is idle, so a grant that it has not obeyed never reached it. */
  #repeatIfMissed({ agent, number }: WorkReport): void {
    if (this.#heard.get(agent) === number) for (const grant of this.#unobeyed.get(nameOf(agent))?.grants ?? []) this.#say(this.#options.subjects.grant(nameOf(agent)), grant);
    this.#heard.set(agent, number);
  }

  /** A new incarnation starts without any grant; nothing given to its predecessor is for it. */
  #forgetObeyed({ agent, obeyed }: WorkReport): void {
    const name = nameOf(agent);
    const known = this.#unobeyed.get(name);
    const grants = known && ['', agent].includes(known.incarnation) ? known.grants : [];
    this.#unobeyed.set(name, { incarnation: agent, grants: grants.filter(({ number }) => number > obeyed) });
  }

  #say(subject: string, value: Grant | WorkReport): void {
    const { connection } = this.#options;
    if (!connection.isClosed()) connection.publish(subject, JSON.stringify(value));
  }
}

/** Undefined when the message is not what it should be: an exception in a subscription would make the connection deaf. */
function read<T>(schema: z.ZodType<T>, message: Msg): T | undefined {
  try {
    return schema.safeParse(message.json()).data;
  } catch {
    return undefined;
  }
}
