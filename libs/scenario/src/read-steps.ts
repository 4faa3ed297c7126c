import { durationRemedy, parseDuration } from '@isesim/domain';
import type { Topology } from '@isesim/topology';
import { either, nearMisses, offsetOf, pathText, quoted, shown, shownKey, valueAt, type Environment, type Finding, type Path, type Source } from '@isesim/topology/yaml';
import { fieldFindings } from './check-fields.ts';
import { loopOf } from './for-each.ts';
import type { Names } from './names.ts';
import type { ScenarioStep } from './scenario.ts';
import { allSteps, stepNamed, stepsNotSupportedYet, type StepName } from './steps.ts';
import type { Step } from './step.ts';
import { fieldsWritten } from './written-fields.ts';

type Item = Readonly<Record<string, unknown>>;
type Variables = Readonly<Record<string, string>>;

// What a file of the largest size can hold without forEach; forEach in forEach could make any number.
const itemsMax = 10_000;
const beside: readonly string[] = ['within', 'expectError'];
const stepNames = [...allSteps.map(([name]) => name), ...stepsNotSupportedYet, 'forEach'];

export interface StepsToRead {
  readonly source: Source;
  /** Undefined when there is none that can be read. */
  readonly topology: Topology | undefined;
  readonly env: Environment;
  /** Where mistakes are noted. */
  readonly findings: Finding[];
}

/** Reads the steps of a scenario and notes in `findings` what is wrong with them. */
export class StepReader {
  readonly #source: Source;
  readonly #topology: Topology | undefined;
  readonly #findings: Finding[];
  readonly #known: Names;
  readonly #names = new Set<string>();
  #items = 0;

  constructor({ source, topology, env, findings }: StepsToRead) {
    this.#source = source;
    this.#topology = topology;
    // Without a topology any part of the tenant may be there.
    this.#known = topology ? { env, tenant: topology.microsoft365 } : { env };
    if (!topology) this.#names.add('tenant');
    this.#findings = findings;
  }

  read(): ScenarioStep[] {
    return this.#list(['steps'], {});
  }

  #list(path: Path, variables: Variables): ScenarioStep[] {
    const items = valueAt(this.#source.root, path)?.data;
    return Array.isArray(items) ? items.flatMap((item: unknown, index) => this.#item(item, [...path, index], variables)) : [];
  }

  #item(item: unknown, path: Path, variables: Variables): ScenarioStep[] {
    this.#items += 1;
    // A step without fields can stand there by its name alone: `- saveSmtp`.
    if (typeof item === 'string') return this.#step(item, path, {}, variables);
    if (item === null || typeof item !== 'object' || Array.isArray(item)) return this.#note(path, 'value', `${pathText(path)} is ${shown(item)}; write a step, as "advance: 2d"`);
    const all = item as Item;
    if (Object.hasOwn(all, 'forEach')) return this.#loop(all, path, variables);
    const keys = Object.keys(all).filter((key) => !beside.includes(key));
    const names = keys.filter(isStepName);
    const [name = keys[0]] = names;
    if (name === undefined || names.length > 1) {
      const fact = name === undefined ? 'names no step' : `has ${names.length} steps (${names.join(', ')})`;
      return this.#note(path, 'value', `${pathText(path)} ${fact}; write one step behind each dash`);
    }
    const isIndented = this.#strays(name, keys, path);
    // Its fields are told as what they are, and not as missing besides.
    if (isIndented) return this.#step(name, path, all, variables);
    if (typeof all['as'] === 'string') this.#names.add(all['as']);
    return [];
  }

  /** Notes what stands beside a step and belongs nowhere; false when the step's own fields do. */
  #strays(name: string, keys: readonly string[], path: Path): boolean {
    const step = stepNamed(name);
    if (!step) return true;
    const fields = [...Object.keys(step.fields.shape), 'as'];
    const strays = keys.filter((each) => each !== name);
    for (const key of strays) {
      const meant = nearMisses(key, [...beside, 'forEach']);
      const remedy = fields.includes(key) ? `indent it below ${name}` : meant.length > 0 ? `did you mean ${either(meant)}?` : `write ${either(beside)}, or a step behind a dash of its own`;
      this.#note([...path, key], 'key', `unknown key ${shownKey(key)} beside ${name}; ${remedy}`);
    }
    return !strays.some((key) => fields.includes(key));
  }

  #step(name: string, path: Path, all: Item, variables: Variables): ScenarioStep[] {
    const at = Object.hasOwn(all, name) ? [...path, name] : path;
    const step = stepNamed(name);
    if (!step) return this.#note(at, 'key', unknownStep(name));
    const written = fieldsWritten(step, all[name]);
    if (!written) return this.#note(at, 'value', `${name} is ${shown(all[name])}; write ${step.bare ? 'a text, or ' : ''}a map of ${either(Object.keys(step.fields.shape))}`);
    const mayFail = all['expectError'] !== undefined;
    const names = [...this.#names, ...Object.keys(variables)];
    const { root } = this.#source;
    // Who expects an error may name what is not there.
    this.#findings.push(...fieldFindings({ root, at, step, written, names, known: this.#known, topology: mayFail ? undefined : this.#topology }));
    const named = this.#named(written.as, step, at);
    return [{ step: name as StepName, fields: written.fields, line: this.#lineOf(at), variables, ...named, ...this.#beside(all, path) }];
  }

  #named(as: unknown, step: Step, at: Path): { as?: string } {
    if (as === undefined) return {};
    const path = [...at, 'as'];
    if (step.kind !== 'action' || !step.named) this.#note(path, 'value', 'this step makes nothing that has a name; leave "as" out');
    else if (typeof as !== 'string' || !/^[A-Za-z_][\w-]*$/.test(as)) this.#note(path, 'value', `as is ${shown(as)}; write a name, as ana`);
    else if (isTaken(as)) this.#note(path, 'value', `${quoted(as)} means something else already; write another name`);
    else {
      this.#names.add(as);
      return { as };
    }
    return {};
  }

  #beside({ within, expectError }: Item, path: Path): { within?: number; expectError?: string } {
    const ms = typeof within === 'string' ? parseDuration(within) : undefined;
    if (within !== undefined && ms === undefined) this.#note([...path, 'within'], 'value', `within is ${shown(within)}; ${durationRemedy(typeof within === 'string' ? within : '', 'write a duration, as 90s, 15m or 3d')}`);
    const isText = typeof expectError === 'string' && expectError !== '';
    if (expectError !== undefined && !isText) this.#note([...path, 'expectError'], 'value', `expectError is ${shown(expectError)}; write a part of the message`);
    return { ...(ms === undefined ? {} : { within: ms }), ...(isText ? { expectError } : {}) };
  }

  #loop({ forEach, steps, ...others }: Item, path: Path, variables: Variables): ScenarioStep[] {
    for (const key of Object.keys(others)) this.#note([...path, key], 'key', `unknown key ${quoted(key)} beside forEach; write its steps under "steps"`);
    if (!Array.isArray(steps) || steps.length === 0) this.#note([...path, 'forEach'], 'key', 'forEach has no steps; write a list of them under "steps"');
    const loop = loopOf(forEach, this.#topology);
    if (typeof loop === 'string') return this.#note([...path, 'forEach'], 'value', loop);
    if (isTaken(loop.variable)) return this.#note([...path, 'forEach', loop.variable], 'key', `${quoted(loop.variable)} means something else already; write another name`);
    const unfolded: ScenarioStep[] = [];
    for (const value of loop.values) {
      unfolded.push(...this.#list([...path, 'steps'], { ...variables, [loop.variable]: value }));
      if (this.#items > itemsMax) return this.#note([...path, 'forEach'], 'value', `forEach makes more than ${itemsMax} steps; let it go over less`);
    }
    return unfolded;
  }

  #lineOf(path: Path): number {
    const [mistake] = this.#source.error([{ path, offset: offsetOf(this.#source.root, path, 'key'), message: '' }]).mistakes;
    return mistake?.line ?? 0;
  }

  #note(path: Path, part: 'key' | 'value', message: string): [] {
    this.#findings.push({ path, offset: offsetOf(this.#source.root, path, part), message });
    return [];
  }
}

function isStepName(name: string): boolean {
  return stepNamed(name) !== undefined || stepsNotSupportedYet.includes(name);
}

/** What `${…}` begins with whatever the steps are. */
function isTaken(name: string): boolean {
  return name === 'env' || name === 'tenant';
}

function unknownStep(name: string): string {
  if (stepsNotSupportedYet.includes(name)) return `${name} is not supported yet; leave it out`;
  if (name === 'steps') return 'steps stands here without forEach; write forEach beside it, as { node: psn }';
  const meant = nearMisses(name, stepNames);
  return `unknown step ${quoted(name)}; ${meant.length > 0 ? `did you mean ${either(meant)}?` : `write one of ${[...allSteps.map(([each]) => each), 'forEach'].join(', ')}`}`;
}
