import type * as z from 'zod';
import { pathText, type Finding, type Path } from './finding.ts';
import { secretFields } from './topology-file.ts';
import type { SourceValue } from './value-reader.ts';
import { kindOf, quoted, shown } from './wording.ts';

type Issue = z.core.$ZodIssue;

/** The schema's issues, each at its place in the file, with the value found there; but not again of a value in `known`. */
export function schemaFindings(issues: readonly Issue[], root: SourceValue, known: readonly Finding[]): Finding[] {
  const findings = new Map<string, Finding>();
  const told = new Set(known.map(({ path, offset }) => `${pathText(path)} ${offset}`));
  for (const finding of issues.flatMap(withoutUnion).flatMap((issue) => findingsOf(issue, root))) {
    const place = `${pathText(finding.path)} ${finding.offset}`;
    // A value can fail two checks of its field that ask for the same.
    if (!told.has(place)) findings.set(`${place} ${finding.message}`, finding);
  }
  return [...findings.values()];
}

/** Of a field that takes one of several kinds, the issues of the kind that the file has. */
function withoutUnion(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const meant = issue.errors.find((errors) => errors.every(({ path }) => path.length > 0));
  if (!meant) return [issue];
  return meant.flatMap((inner) => withoutUnion({ ...inner, path: [...issue.path, ...inner.path] }));
}

function findingsOf(issue: Issue, root: SourceValue): Finding[] {
  const path = issue.path as Path;
  if (issue.code !== 'unrecognized_keys') return [valueFinding(issue, path, root)];
  const remedies = issue.message.split('\n');
  return issue.keys.map((key, index) => ({
    path: [...path, key],
    offset: offsetOf(root, [...path, key], 'key'),
    message: `unknown key ${shownKey(key)}${path.length > 0 ? ` in ${pathText(path)}` : ''}; ${remedies[index]}`,
  }));
}

// Fewer letters begin other keys too, as clientId.
const tellingLength = 8;

/** A key as a message shows it. One that begins as a secret's may hold the secret, after a slip between the two. */
export function shownKey(key: string): string {
  const starts = [...secretFields].map((field) => ({ field: String(field), start: commonStart(key, String(field)) }));
  const told = starts.find(({ field, start }) => start.length >= Math.min(tellingLength, field.length))?.start;
  return told === undefined || secretFields.has(key) ? quoted(key) : quoted(`${told}…`);
}

function commonStart(one: string, other: string): string {
  let length = 0;
  while (length < one.length && one.charAt(length) === other.charAt(length)) length += 1;
  return one.slice(0, length);
}

function valueFinding(issue: Issue, path: Path, root: SourceValue): Finding {
  const value = valueAt(root, path);
  const offset = offsetOf(root, path, 'value');
  if (!value) return { path, offset, message: `${pathText(path)} is missing; ${issue.message}` };
  return { path, offset, message: `${pathText(path)} is ${found(value, issue, path)}; ${issue.message}` };
}

function found(value: SourceValue, issue: Issue, path: Path): string {
  const wantsMapOrList = issue.code === 'invalid_type' && ['object', 'array', 'record'].includes(issue.expected);
  // A secret may stand where the map around it should.
  if (wantsMapOrList || secretFields.has(path.at(-1) ?? '')) return kindOf(value.data);
  return value.written === undefined ? shown(value.data) : `${quoted(value.written)}, filled in from the environment`;
}

/** The value at `path`; undefined when the file has none. */
export function valueAt(root: SourceValue, path: Path): SourceValue | undefined {
  return path.reduce<SourceValue | undefined>((value, step) => value?.children.get(step), root);
}

/** Where `path` is in the text; of what is missing, where it should be. */
export function offsetOf(root: SourceValue, path: Path, part: 'key' | 'value'): number {
  const value = valueAt(root, path);
  if (!value) return path.length === 0 ? root.start : offsetOf(root, path.slice(0, -1), 'value');
  return part === 'key' ? value.keyStart : value.start;
}
