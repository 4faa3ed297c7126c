import { Bound } from './bound.ts';
import type { Cmdlet, Parameter } from './cmdlets/cmdlet.ts';
import { convert } from './convert.ts';
import { cmdletError } from './errors.ts';
import { nearest } from './nearest.ts';
import { asList, PowerShellObject, textOf, type Value } from './values/value.ts';

/** An argument with its value; `value` is undefined where none was written. */
export interface GivenArgument {
  readonly parameter?: string;
  readonly value?: Value;
  readonly joined?: boolean;
}

/** Every cmdlet takes these; what they are about (asking back, verbosity) does not happen here. */
const commonParameters: Readonly<Record<string, Parameter>> = {
  Confirm: { takes: 'switch' },
  WhatIf: { takes: 'switch' },
  Verbose: { takes: 'switch' },
  Debug: { takes: 'switch' },
  ErrorAction: { takes: 'text' },
  WarningAction: { takes: 'text' },
  InformationAction: { takes: 'text' },
  ErrorVariable: { takes: 'text' },
  WarningVariable: { takes: 'text' },
  OutVariable: { takes: 'text' },
};

/** Gives each argument to its parameter, as PowerShell does: by name or its beginning, then by position, then from the pipeline. */
export function bindParameters(cmdlet: Cmdlet, given: readonly GivenArgument[], piped: Value): Bound {
  const parameters = { ...cmdlet.parameters, ...commonParameters };
  const values = new Map<string, Value>();
  const rest = bindNamed(cmdlet, parameters, given, values);
  bindByPosition(cmdlet, parameters, rest, values);
  bindFromPipeline(parameters, piped, values);
  const missing = Object.keys(parameters).filter((name) => parameters[name]?.mandatory && !values.has(name));
  if (missing.length > 0) throw missingParameters(cmdlet, missing);
  return new Bound(new Map([...values].map(([name, value]) => [name, converted(cmdlet, name, parameters[name], value)])));
}

function bindNamed(cmdlet: Cmdlet, parameters: Parameters, given: readonly GivenArgument[], values: Map<string, Value>): Value[] {
  const rest: Value[] = [];
  for (let index = 0; index < given.length; index += 1) {
    const { parameter, value, joined = false } = given[index] ?? {};
    if (parameter === undefined) {
      rest.push(value ?? null);
      continue;
    }
    const name = nameOf(cmdlet, parameters, parameter);
    if (values.has(name)) throw cmdletError(cmdlet.name, `Cannot bind parameter because parameter '${name}' is specified more than once.`, `Give -${name} once.`);
    if (joined) values.set(name, value ?? null);
    else if (parameters[name]?.takes === 'switch') values.set(name, true);
    else {
      const next = given[index + 1];
      if (!next || next.parameter !== undefined) throw cmdletError(cmdlet.name, `Missing an argument for parameter '${name}'.`, `Write a value behind -${name}.`);
      values.set(name, next.value ?? null);
      index += 1;
    }
  }
  return rest;
}

type Parameters = Readonly<Record<string, Parameter>>;

function nameOf(cmdlet: Cmdlet, parameters: Parameters, written: string): string {
  const names = Object.keys(parameters);
  const same = (one: string) => one.toLowerCase() === written.toLowerCase();
  const exact = names.find((name) => same(name) || parameters[name]?.aliases?.some(same));
  if (exact !== undefined) return exact;
  const possible = names.filter((name) => name.toLowerCase().startsWith(written.toLowerCase()));
  if (possible.length === 1 && possible[0] !== undefined) return possible[0];
  if (possible.length > 1) {
    const matches = possible.map((name) => `-${name}`).join(' ');
    throw cmdletError(cmdlet.name, `Parameter cannot be processed because the parameter name '${written}' is ambiguous. Possible matches include: ${matches}.`, 'Write more of the name.');
  }
  const [meant] = nearest(written, names);
  const remedy = meant === undefined ? `"Get-Help ${cmdlet.name}" lists its parameters.` : `Did you mean -${meant}?`;
  throw cmdletError(cmdlet.name, `A parameter cannot be found that matches parameter name '${written}'.`, remedy);
}

function bindByPosition(cmdlet: Cmdlet, parameters: Parameters, rest: readonly Value[], values: Map<string, Value>): void {
  const open = Object.entries(parameters)
    .filter(([name, { position }]) => position !== undefined && !values.has(name))
    .sort(([, one], [, other]) => (one.position ?? 0) - (other.position ?? 0))
    .map(([name]) => name);
  for (const value of rest) {
    const name = open.shift();
    if (name === undefined) throw cmdletError(cmdlet.name, `A positional parameter cannot be found that accepts argument '${textOf(value)}'.`, `Name the parameter: "Get-Help ${cmdlet.name}" lists them.`);
    values.set(name, value);
  }
}

function bindFromPipeline(parameters: Parameters, piped: Value, values: Map<string, Value>): void {
  if (piped === null) return;
  for (const [name, { fromPipeline }] of Object.entries(parameters)) {
    if (fromPipeline === undefined || values.has(name)) continue;
    const property = piped instanceof PowerShellObject ? piped.get(fromPipeline) : null;
    values.set(name, property ?? piped);
  }
}

function missingParameters({ name, example }: Cmdlet, missing: readonly string[]) {
  return cmdletError(name, `Cannot process command because of one or more missing mandatory parameters: ${missing.join(' ')}.`, `For example: ${example}`);
}

function converted(cmdlet: Cmdlet, name: string, parameter: Parameter | undefined, value: Value): Value {
  if (value === null && parameter?.mandatory) throw cmdletError(cmdlet.name, `Cannot bind argument to parameter '${name}' because it is null.`, `Look at what stands behind -${name}: a variable that was never set is null.`);
  const result = convert(value, parameter?.takes ?? 'value');
  if (result === undefined) {
    const message = `Cannot process argument transformation on parameter '${name}'. ${whyNot(value, parameter?.takes)}`;
    throw cmdletError(cmdlet.name, message, remedies[parameter?.takes ?? 'value'] ?? 'Write another value.');
  }
  const { oneOf } = parameter ?? {};
  if (oneOf && !asList(result).every((each) => oneOf.some((word) => word.toLowerCase() === textOf(each).toLowerCase()))) {
    throw cmdletError(cmdlet.name, `Cannot validate argument on parameter '${name}'. The argument "${textOf(result)}" does not belong to the set "${oneOf.join(',')}".`, `Write one of ${oneOf.join(', ')}.`);
  }
  return result;
}

/** Of a Boolean PowerShell names the types and not the value. */
function whyNot(value: Value, takes: Parameter['takes'] | undefined): string {
  if (takes !== 'flag' && takes !== 'switch') return `Cannot convert value "${textOf(value)}".`;
  const [from, to] = [typeof value === 'string' ? 'System.String' : 'System.Object', takes === 'flag' ? 'System.Boolean' : 'System.Management.Automation.SwitchParameter'];
  return `Cannot convert value "${from}" to type "${to}". Boolean parameters accept only Boolean values and numbers, such as $True, $False, 1 or 0.`;
}

const remedies: Readonly<Partial<Record<Parameter['takes'], string>>> = {
  flag: 'Write $true, $false or $null.',
  switch: 'Write $true or $false.',
  date: 'Write a date, as 2026-08-01 or 2026-08-01T00:00:00Z.',
  number: 'Write a number.',
};
