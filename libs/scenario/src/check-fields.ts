import type { Topology } from '@isesim/topology';
import { either, nearMisses, offsetOf, quoted, schemaFindings, valueAt, type Finding, type Path, type SourceValue } from '@isesim/topology/yaml';
import type * as z from 'zod';
import { hasNames, namesIn, problemsIn, type Names } from './names.ts';
import { namedFields } from './named-kinds.ts';
import { bareRemedy, type Step } from './step.ts';
import type { WrittenFields } from './written-fields.ts';

export interface FieldsToCheck {
  readonly root: SourceValue;
  /** Where the step stands. */
  readonly at: Path;
  readonly step: Step;
  readonly written: WrittenFields;
  /** Without one, what names something in it is not checked. */
  readonly topology: Topology | undefined;
  /** What `${…}` may stand for here, found out when the scenario is played. */
  readonly names: readonly string[];
  /** What it may stand for by what is known already. */
  readonly known: Names;
}

/** What is wrong with the fields of one step, save what shows only when their names are filled in. */
export function fieldFindings(check: FieldsToCheck): Finding[] {
  return [...shapeFindings(check), ...topologyFindings(check), ...nameFindings(check)];
}

function shapeFindings({ root, at, step, written }: FieldsToCheck): Finding[] {
  const issues = step.fields.safeParse(written.fields).error?.issues ?? [];
  const judged = issues.filter(({ path, code }) => {
    const value = valueIn(written.fields, path);
    // What a name stands for is judged when it is filled in; which fields there are, now.
    return (typeof value === 'object' && code !== 'custom') || !hasNames(value);
  });
  return schemaFindings(judged.flatMap((issue) => placed(written.isBare ? asWrittenBare(issue, step) : issue, (field) => placeOf(root, at, written, field))), root, []);
}

function asWrittenBare<Issue extends z.core.$ZodIssue>(issue: Issue, { bare }: Step): Issue {
  return { ...issue, message: bareRemedy(bare, issue) ?? issue.message };
}

/** The issue as one of the file; of unknown keys one each, since they may stand in maps of their own. */
function placed(issue: z.core.$ZodIssue, place: (field: Path) => Path): z.core.$ZodIssue[] {
  const path = issue.path as Path;
  if (issue.code !== 'unrecognized_keys') return [{ ...issue, path: [...place(path)] }];
  const remedies = issue.message.split('\n');
  return issue.keys.map((key, index) => ({ ...issue, keys: [key], message: remedies[index] ?? '', path: place([...path, key]).slice(0, -1) }));
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

function nameFindings({ root, at, written, names, known }: FieldsToCheck): Finding[] {
  return textsIn(written.fields).flatMap(({ path, text }) => {
    const place = placeOf(root, at, written, path);
    const unknown = namesIn(text).filter((name) => !Object.hasOwn(known, name) && !names.includes(name));
    const empty = problemsIn(text, known).map(({ message, remedy }) => `${message}; ${remedy.charAt(0).toLowerCase()}${remedy.slice(1).replace(/\.$/, '')}`);
    return [...unknown.map((name) => unknownName(name, [...Object.keys(known), ...names])), ...empty].map((message) => findingAt(root, place, message));
  });
}

function unknownName(name: string, names: readonly string[]): string {
  if (name === '') return 'a ${…} here holds no name; write ${ana.email}, say';
  const meant = nearMisses(name, names);
  const remedy = meant.length > 0 ? `did you mean ${either(meant)}?` : `give a step before it "as: ${name}"`;
  return `nothing before this step is named ${quoted(name)}; ${remedy}`;
}

function textsIn(value: unknown, path: Path = []): { path: Path; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, each]) => textsIn(each, [...path, Array.isArray(value) ? Number(key) : key]));
}

/** Where a field is in the file: the step itself when it is written bare, deeper when it is written in a map of its own. */
function placeOf(root: SourceValue, at: Path, { isBare, fields }: WrittenFields, field: Path): Path {
  if (isBare) return at;
  const plain = [...at, ...field];
  const value = valueIn(fields, field);
  const found = valueAt(root, plain);
  if (found) return typeof value === 'object' ? plain : [...plain, ...keyOf(found, (child) => child.data === value)];
  if (value === undefined) return plain;
  const around = keyOf(valueAt(root, at), ({ children }) => children.has(field[0] ?? ''));
  return around.length === 0 ? at : [...at, ...around, ...field];
}

function keyOf(map: SourceValue | undefined, fits: (child: SourceValue) => boolean): Path {
  const found = [...(map?.children ?? [])].find(([, child]) => fits(child));
  return found ? [found[0]] : [];
}

function findingAt(root: SourceValue, path: Path, message: string): Finding {
  return { path, offset: offsetOf(root, path, 'value'), message };
}

function valueIn(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((found, step) => (found !== null && typeof found === 'object' ? (found as Record<PropertyKey, unknown>)[step] : undefined), value);
}
