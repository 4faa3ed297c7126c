import type { Topology } from '@isesim/topology';
import { either, nearMisses, offsetOf, quoted, schemaFindings, valueAt, type Finding, type Path, type SourceValue } from '@isesim/topology/yaml';
import { hasNames, namesIn } from './names.ts';
import { namedFields } from './named-kinds.ts';
import type { Step } from './step.ts';
import type { WrittenFields } from './written-fields.ts';

export interface FieldsToCheck {
  readonly root: SourceValue;
  /** Where the step stands. */
  readonly at: Path;
  readonly step: Step;
  readonly written: WrittenFields;
  /** Without one, what names something in it is not checked. */
  readonly topology: Topology | undefined;
  /** What `${…}` may stand for here. */
  readonly names: readonly string[];
}

/** What is wrong with the fields of one step, save what shows only when their names are filled in. */
export function fieldFindings(check: FieldsToCheck): Finding[] {
  return [...shapeFindings(check), ...topologyFindings(check), ...nameFindings(check)];
}

function shapeFindings({ root, at, step, written }: FieldsToCheck): Finding[] {
  const issues = step.fields.safeParse(written.fields).error?.issues ?? [];
  const judged = issues.filter(({ path }) => !hasNames(valueIn(written.fields, path)));
  return schemaFindings(judged.map((issue) => ({ ...issue, path: [...placeOf(root, at, written, issue.path as Path)] })), root, []);
}

function topologyFindings({ root, at, step, written, topology }: FieldsToCheck): Finding[] {
  if (!topology) return [];
  return namedFields(step.fields, topology).flatMap(({ field, kind, known }) => {
    const value = written.fields[field];
    if (typeof value !== 'string' || hasNames(value) || known.includes(value)) return [];
    const meant = nearMisses(value, known);
    const remedy = meant.length > 0 ? `did you mean ${either(meant)}?` : `the topology has ${known.join(', ') || 'none'}`;
    return [findingAt(root, placeOf(root, at, written, [field]), `${field} is ${quoted(value)}, which is no ${kind} of the topology; ${remedy}`)];
  });
}

function nameFindings({ root, at, written, names }: FieldsToCheck): Finding[] {
  return namesIn(written.fields).flatMap((name) => {
    if (names.includes(name)) return [];
    if (name === '') return [findingAt(root, at, 'a ${…} in this step names nothing; write ${ana.email}, say')];
    const meant = nearMisses(name, names);
    const remedy = meant.length > 0 ? `did you mean ${either(meant)}?` : `give a step before it "as: ${name}"`;
    return [findingAt(root, at, `nothing before this step is named ${quoted(name)}; ${remedy}`)];
  });
}

/** Where a field is in the file: the step itself when it is written bare, deeper when it is written in a map of its own. */
function placeOf(root: SourceValue, at: Path, { isBare, fields }: WrittenFields, field: Path): Path {
  if (isBare) return at;
  const plain = [...at, ...field];
  if (valueAt(root, plain) || valueIn(fields, field) === undefined) return plain;
  const step = valueAt(root, at);
  const around = [...(step?.children ?? [])].find(([, child]) => child.children.has(field[0] ?? ''))?.[0];
  return around === undefined ? at : [...at, around, ...field];
}

function findingAt(root: SourceValue, path: Path, message: string): Finding {
  return { path, offset: offsetOf(root, path, 'value'), message };
}

function valueIn(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((found, step) => (found !== null && typeof found === 'object' ? (found as Record<PropertyKey, unknown>)[step] : undefined), value);
}
