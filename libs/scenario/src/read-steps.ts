import { parseDuration } from '@isesim/domain';
import type { Topology } from '@isesim/topology';
import { either, nearMisses, offsetOf, pathText, quoted, shown, valueAt, type Finding, type Path, type Source } from '@isesim/topology/yaml';
import { fieldFindings } from './check-fields.ts';
import { loopOf } from './for-each.ts';
import type { ScenarioStep } from './scenario.ts';
import { allSteps, stepNamed, stepsNotSupportedYet, type StepName } from './steps.ts';
import type { Step } from './step.ts';
import { fieldsWritten } from './written-fields.ts';

type Item = Readonly<Record<string, unknown>>;
type Variables = Readonly<Record<string, string>>;

const beside: readonly string[] = ['within', 'expectError'];
const stepNames = [...allSteps.map(([name]) => name), 'forEach'];

/** Reads the steps of a scenario and notes in `findings` what is wrong with them. */
export class StepReader {
  readonly #source: Source;
  readonly #topology: Topology | undefined;
  readonly #findings: Finding[];
  readonly #names = new Set(['env', 'tenant']);

  constructor(source: Source, topology: Topology | undefined, findings: Finding[]) {
    this.#source = source;
    this.#topology = topology;
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
    // A step without fields can stand there by its name alone: `- saveSmtp`.
    if (typeof item === 'string') return this.#step(item, path, {}, variables);
    if (item === null || typeof item !== 'object' || Array.isArray(item)) return this.#note(path, 'value', `${pathText(path)} is ${shown(item)}; write a step, as "advance: 2d"`);
    const all = item as Item;
    if ('forEach' in all) return this.#loop(all, path, variables);
    const names = Object.keys(all).filter((key) => !beside.includes(key));
    const [name] = names;
    if (name !== undefined && names.length === 1) return this.#step(name, path, all, variables);
    const fact = name === undefined ? 'names no step' : `has ${names.length} steps (${names.join(', ')})`;
    return this.#note(path, 'value', `${pathText(path)} ${fact}; write one step behind each dash`);
  }

  #step(name: string, path: Path, all: Item, variables: Variables): ScenarioStep[] {
    const at = name in all ? [...path, name] : path;
    const step = stepNamed(name);
    if (!step) return this.#note(at, 'key', unknownStep(name));
    const written = fieldsWritten(step, all[name]);
    if (!written) return this.#note(at, 'value', `${name} is ${shown(all[name])}; write a map of ${either(Object.keys(step.fields.shape))}`);
    const mayFail = all['expectError'] !== undefined;
    const names = [...this.#names, ...Object.keys(variables)];
    const { root } = this.#source;
    // Who expects an error may name what is not there.
    this.#findings.push(...fieldFindings({ root, at, step, written, names, topology: mayFail ? undefined : this.#topology }));
    const named = this.#named(written.as, step, at);
    return [{ step: name as StepName, fields: written.fields, line: this.#lineOf(at), variables, ...named, ...this.#beside(all, path) }];
  }

  #named(as: unknown, step: Step, at: Path): { as?: string } {
    if (as === undefined) return {};
    const path = [...at, 'as'];
    if (step.kind !== 'action' || !step.named) this.#note(path, 'value', 'this step makes nothing that has a name; leave "as" out');
    else if (typeof as !== 'string' || !/^[A-Za-z_][\w-]*$/.test(as)) this.#note(path, 'value', `as is ${shown(as)}; write a name, as ana`);
    else if (as === 'env' || as === 'tenant') this.#note(path, 'value', `${quoted(as)} means something else already; write another name`);
    else {
      this.#names.add(as);
      return { as };
    }
    return {};
  }

  #beside({ within, expectError }: Item, path: Path): { within?: number; expectError?: string } {
    const ms = typeof within === 'string' ? parseDuration(within) : undefined;
    if (within !== undefined && ms === undefined) this.#note([...path, 'within'], 'value', `within is ${shown(within)}; write a duration, as 90s, 15m or 3d`);
    const isText = typeof expectError === 'string' && expectError !== '';
    if (expectError !== undefined && !isText) this.#note([...path, 'expectError'], 'value', `expectError is ${shown(expectError)}; write a part of the message`);
    return { ...(ms === undefined ? {} : { within: ms }), ...(isText ? { expectError } : {}) };
  }

  #loop({ forEach, steps, ...others }: Item, path: Path, variables: Variables): ScenarioStep[] {
    for (const key of Object.keys(others)) this.#note([...path, key], 'key', `unknown key ${quoted(key)} beside forEach; write its steps under "steps"`);
    if (!Array.isArray(steps)) this.#note([...path, 'forEach'], 'key', 'forEach has no steps; write a list of them under "steps"');
    const loop = loopOf(forEach, this.#topology);
    if (typeof loop === 'string') return this.#note([...path, 'forEach'], 'value', loop);
    return loop.values.flatMap((value) => this.#list([...path, 'steps'], { ...variables, [loop.variable]: value }));
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

function unknownStep(name: string): string {
  if (stepsNotSupportedYet.includes(name)) return `${name} is not supported yet; leave it out`;
  const meant = nearMisses(name, stepNames);
  return `unknown step ${quoted(name)}; ${meant.length > 0 ? `did you mean ${either(meant)}?` : `write one of ${stepNames.join(', ')}`}`;
}
