import type { Microsoft365Fault, Microsoft365FaultKind } from '@isesim/domain';

export type Stage = NonNullable<Microsoft365Fault['stage']>;

interface Standing {
  readonly fault: Microsoft365Fault;
  /** How often it still strikes. */
  left: number;
}

/** Where Exchange Online answers so by itself: what is known of each reply's place in the dialogue. */
const usualStages: Readonly<Record<Microsoft365FaultKind, Stage | undefined>> = {
  'token-429': undefined,
  'token-503': undefined,
  'exchange-421': 'connect',
  'exchange-432': 'data',
  'exchange-451': 'auth',
};

/** The faults of Entra ID and Exchange Online that stand now, and how often each has still to strike. */
export class StandingFaults {
  #standing: readonly Standing[] = [];

  /** All that stand from now on. One that stood before goes on counting. */
  set(faults: readonly Microsoft365Fault[]): void {
    const before = [...this.#standing];
    this.#standing = faults.map((fault) => {
      const index = before.findIndex((each) => isSame(each.fault, fault));
      const [stood] = index < 0 ? [] : before.splice(index, 1);
      return stood ?? { fault, left: fault.count ?? Infinity };
    });
  }

  /** The fault that strikes a request for a token now, if one does; that is then counted. */
  atToken(): Microsoft365Fault | undefined {
    return this.#strike(({ fault }) => fault.startsWith('token-'));
  }

  /** The fault that strikes a client of Exchange Online at this stage. */
  at(stage: Stage): Microsoft365Fault | undefined {
    return this.#strike((each) => each.fault.startsWith('exchange-') && (each.stage ?? usualStages[each.fault]) === stage);
  }

  #strike(fits: (fault: Microsoft365Fault) => boolean): Microsoft365Fault | undefined {
    const striking = this.#standing.find(({ fault, left }) => left > 0 && fits(fault));
    if (striking) striking.left -= 1;
    return striking?.fault;
  }
}

function isSame(one: Microsoft365Fault, other: Microsoft365Fault): boolean {
  return one.fault === other.fault && one.count === other.count && one.stage === other.stage && one.retryAfterMs === other.retryAfterMs;
}
