import { Problem } from '@isesim/domain';

/** A field of a settings page: how the page calls it, and how the command fills it in. */
export interface PageField {
  readonly label: string;
  /** A flag with an example. */
  readonly flag: string;
  readonly isSecret?: boolean;
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

export interface PageMistakes {
  readonly page: string;
  /** The verb that fills the page in. */
  readonly verb: string;
  /** By path; those of a list by the path of the list. */
  readonly fields: Readonly<Record<string, PageField>>;
  readonly value: unknown;
  readonly issues: readonly Issue[];
}

/** Names every field that is not as it should be, its value unless it is a secret, and how to enter it. */
export function pageProblem({ page, verb, fields, value, issues }: PageMistakes): Problem {
  const found = issues.map((issue) => ({ field: fieldAt(fields, issue.path), value: valueAt(value, issue.path), message: issue.message }));
  const missing = found.filter((each) => each.value === undefined);
  const wrong = found.filter((each) => each.value !== undefined).map(({ field, value: typed, message }) => `${field.label} ${field.isSecret === true ? '' : `${JSON.stringify(typed)} `}${wordsOf(message)}`);
  const facts = [...(missing.length > 0 ? [`${listed(missing.map(({ field }) => field.label))} ${missing.length === 1 ? 'is' : 'are'} missing`] : []), ...wrong];
  const flags = [...new Set(found.map(({ field }) => field.flag))];
  return new Problem('wrong input', page, facts.join('; '), `Enter ${flags.length === 1 ? 'it' : 'them'}, as in: isesim ${verb} ${flags.join(' ')}`);
}

function fieldAt(fields: PageMistakes['fields'], path: Issue['path']): PageField {
  const name = path.map(String).join('.');
  return fields[name] ?? fields[String(path[0])] ?? { label: name, flag: '--help' };
}

function valueAt(value: unknown, path: Issue['path']): unknown {
  return path.reduce((at: unknown, step) => (at as Record<PropertyKey, unknown> | undefined)?.[step], value);
}

// What a schema says by itself is written for programmers.
function wordsOf(message: string): string {
  return /^is\b/.test(message) ? message : 'is not what the field takes';
}

function listed(labels: readonly string[]): string {
  return labels.length < 2 ? labels.join('') : `${labels.slice(0, -1).join(', ')} and ${labels.at(-1) ?? ''}`;
}
