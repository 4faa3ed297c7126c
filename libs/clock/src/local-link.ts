import type { ClockEnd, Grant, WorkReport } from '@isesim/domain';

/** Reports and grants between a coordinator and agents that live in its own process: nothing is lost, nothing travels. */
export class LocalLink {
  readonly #agents = new Map<string, (grant: Grant) => void>();
  #received: (report: WorkReport) => void = () => undefined;

  /** The end of the agent that is called `name`. A later incarnation takes it over. */
  endOf(name: string): ClockEnd {
    return {
      report: (report) => { this.#received(report); },
      onGrant: (obey) => {
        this.#agents.set(name, obey);
        return Promise.resolve();
      },
    };
  }

  onReport(received: (report: WorkReport) => void): void {
    this.#received = received;
  }

  grant(name: string, grant: Grant): void {
    this.#agents.get(name)?.(grant);
  }
}
