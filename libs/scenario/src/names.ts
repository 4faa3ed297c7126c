import { Problem } from '@isesim/domain';
import { either, nearMisses } from '@isesim/topology/yaml';

/** What `${…}` can stand for: by its first word. */
export type Names = Readonly<Record<string, unknown>>;

const reference = /\$\{([^{}]*)\}/g;
const form = /^[A-Za-z_][\w-]*(?:\.[\w-]+|\[\d+\])*(?::-.*)?$/;

/** The first word of each `${…}` in `value`, however deep, and what is no name at all. */
export function namesIn(value: unknown): string[] {
  if (typeof value === 'string') return [...value.matchAll(reference)].map(([, path = '']) => (form.test(path) ? (path.split(/[.[:]/)[0] ?? '') : ''));
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(namesIn);
}

export function hasNames(value: unknown): boolean {
  return namesIn(value).length > 0;
}

/** `value` with every `${ana.email}` in its texts replaced. Throws a `Problem` for a name that stands for nothing. */
export async function fillIn<T>(value: T, names: Names): Promise<T> {
  if (typeof value === 'string') return (await fillText(value, names)) as T;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return (await Promise.all(value.map((each) => fillIn(each as unknown, names)))) as T;
  const filled = await Promise.all(Object.entries(value).map(async ([key, each]) => [key, await fillIn(each as unknown, names)] as const));
  return Object.fromEntries(filled) as T;
}

async function fillText(text: string, names: Names): Promise<string> {
  let filled = '';
  let end = 0;
  for (const match of text.matchAll(reference)) {
    filled += text.slice(end, match.index) + (await valueOf(match[1] ?? '', names));
    end = match.index + match[0].length;
  }
  return filled + text.slice(end);
}

async function valueOf(written: string, names: Names): Promise<string> {
  const [path = '', fallback] = written.split(/:-(.*)/s);
  let value: unknown = names;
  for (const word of path.replaceAll(/\[(\d+)\]/g, '.$1').split('.')) {
    const known: Record<string, unknown> = value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
    const next = Object.hasOwn(known, word) ? known[word] : undefined;
    // Some are found out only when they are asked for: a password is read from the mail.
    value = typeof next === 'function' ? await (next as () => Promise<unknown>)() : next;
    if (value === undefined || value === null) return fallback ?? unknownName(written, word, Object.keys(known));
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
}

function unknownName(written: string, word: string, known: readonly string[]): never {
  const meant = nearMisses(word, known);
  const remedy = meant.length > 0 ? `Did you mean ${either(meant)}?` : known.length > 0 && known.length < 30 ? `There is ${known.join(', ')}.` : 'It has no parts.';
  throw new Problem('wrong input', 'name', `\${${written}} stands for nothing: there is no "${word}"`, remedy);
}
