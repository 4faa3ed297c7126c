import { cell, code, defaultSpoken, fieldTable, kindOfValue, sentence, table, withGenerated, withoutDefault, type JsonSchema } from '@isesim/topology/yaml';
import { capital, fieldsSchema } from './step-schema.ts';
import { allSteps, isAction, stepsNotSupportedYet } from './steps.ts';
import type { Step } from './step.ts';

/** The page on scenarios, what it says of each step written anew between its marks. */
export function withStepReference(page: string): string {
  const notYet = stepsNotSupportedYet.length === 0 ? 'Every step of the format is supported.\n' : `${stepsNotSupportedYet.map(code).join(' ')}\n`;
  return withGenerated(withGenerated(page, 'steps', stepReference()), 'not supported yet', notYet);
}

/** A table of all steps, then one of fields for each that has some. */
function stepReference(): string {
  const rows = allSteps.map(([name, step]) => [`[${code(name)}](#${name.toLowerCase()})`, verbText(step), sentence(capital(step.does))]);
  return [table(['step', 'verb', 'what it does'], rows), ...allSteps.map(([name, step]) => section(name, step))].join('\n');
}

function verbText(step: Step): string {
  return isAction(step) ? code(step.verb) : '–';
}

function section(name: string, step: Step): string {
  const { properties = {}, required = [] } = fieldsSchema(step);
  const rows = Object.entries(properties).map(([field, schema]) => row(field, schema as JsonSchema, required.includes(field)));
  const facts = [sentence(capital(step.does)), bareText(name, step), isAction(step) && step.named ? 'Takes `as`.' : ''].filter((fact) => fact !== '').join(' ');
  return `### ${name}\n\n${facts}\n${rows.length === 0 ? '' : `\n${fieldTable(rows)}`}`;
}

function bareText(name: string, { bare }: Step): string {
  return bare ? `Short form: ${code(`${name}: <${bare.name}>`)}.` : '';
}

function row(field: string, schema: JsonSchema, isRequired: boolean): [string, string, string, string] {
  const { description = '', default: fixed } = schema;
  const fallback = fixed === undefined || fixed === '' ? cell(defaultSpoken(description) ?? '–') : code(String(fixed));
  return [code(field), kindOfValue(schema), isRequired ? 'required' : fallback, sentence(withoutDefault(description))];
}
