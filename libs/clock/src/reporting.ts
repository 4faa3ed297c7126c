import type { WorkReport } from '@isesim/domain';
import type { ChannelCounts } from './channel-counts.ts';
import type { Gate } from './gate.ts';
import type { Halt } from './halt.ts';
import { inNobodysName, type Pieces } from './pieces.ts';
import type { Timers } from './timers.ts';

export interface ReportingOptions {
  /** The incarnation, `name#n`. */
  readonly agent: string;
  readonly push: (report: WorkReport) => void;
  readonly pieces: Pieces;
  readonly counts: ChannelCounts;
  readonly timers: Timers;
  readonly gate: Gate;
  readonly halt: Halt;
}

/**
 * An agent's word to the coordinator, given each time that its open work has become zero. A report that came while work is
 * open would have to tell what that work may still do, which nobody knows.
 */
export class Reporting {
  readonly #options: ReportingOptions;
  readonly #awaiting: (() => void)[] = [];
  #count = 0;
  #obeyed = 0;
  #scheduled = false;

  constructor(options: ReportingOptions) {
    this.#options = options;
  }

  obeyed(grant: number): void {
    this.#obeyed = grant;
  }

  /** Something is different from the last report: another follows, unless work is open, whose end will call this again. */
  changed(): void {
    const { pieces, halt } = this.#options;
    if (pieces.active > 0 || this.#scheduled || halt.revoked) return;
    this.#scheduled = true;
    // One macrotask later, so that whatever the last promise set off is counted first; and in nobody's name.
    inNobodysName(() => {
      setImmediate(() => {
        this.#scheduled = false;
        if (pieces.active > 0 || halt.revoked || halt.frozen) return;
        this.#options.push(this.#report(++this.#count));
        for (const resolve of this.#awaiting.splice(0)) resolve();
      });
    });
  }

  /** Resolves with the next report. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#awaiting.push(resolve);
      this.changed();
    });
  }

  /** Tells what is open to the coordinator that asks for it; not a report that anything has ended, so it takes no number. */
  answer(): void {
    this.#options.push({ ...this.#report(this.#count), open: this.#options.pieces.openWork() });
  }

  #report(number: number): WorkReport {
    const { agent, pieces, counts, timers, gate } = this.#options;
    const { nextDue } = timers;
    const held = gate.first;
    return {
      agent,
      number,
      obeyed: this.#obeyed,
      published: { ...counts.published },
      taken: { ...counts.taken },
      asked: { ...counts.asked },
      asksTaken: { ...counts.asksTaken },
      answered: { ...counts.answered },
      answersTaken: { ...counts.answersTaken },
      closes: counts.closes,
      closesTaken: { ...counts.closesTaken },
      connections: [...counts.connections],
      waiting: [...counts.waiting],
      sleeping: [...counts.sleeping],
      asides: pieces.asides,
      ...(nextDue === undefined ? {} : { nextDue }),
      ...(held === undefined ? {} : { held: { kind: held.kind, order: held.order } }),
    };
  }
}
