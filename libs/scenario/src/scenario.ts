import { Problem } from '@isesim/domain';
import { listed, type Mistake } from '@isesim/topology/yaml';
import type { Topology } from '@isesim/topology';
import type { StepName } from './steps.ts';

/** A scenario that has no mistake: what is left to go wrong is what it is for. */
export interface Scenario {
  /** As it was named, for messages and replays. */
  readonly file: string;
  readonly name: string;
  readonly topology: Topology;
  readonly seed: number;
  readonly isolation: 'inline' | 'process';
  /** `forEach` is unfolded: each of its steps stands here once for each of its values. */
  readonly steps: readonly ScenarioStep[];
}

export interface ScenarioStep {
  readonly step: StepName;
  /** As written; names (`${ana.email}`) are filled in when the step is reached. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Counts from 1. */
  readonly line: number;
  /** How its result is called later. */
  readonly as?: string;
  /** Milliseconds of simulated time. */
  readonly within?: number;
  readonly expectError?: string;
  /** What the variables of the `forEach` around it stand for. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Scenario files are wrong: every mistake at once, in the order of the files. */
export class ScenarioError extends Problem {
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[]) {
    super('wrong input', 'scenario', listed(mistakes), 'Correct the places named; nothing was run.');
    this.name = 'ScenarioError';
    this.mistakes = mistakes;
  }
}
