import { Problem } from '@isesim/domain';
import { either, nearMisses, quoted } from '@isesim/topology/yaml';

/** What `${…}` can stand for: by its first word. */
export type Names = Readonly<Record<string, unknown>>;

const reference = /\$\{([^{}]*)\}/g;
// What is not closed counts as a reference without a name.
const opened = /\$\{(?:([^{}]*)\})?/g;
const form = /^[A-Za-z_][\w-]*(?:\.[\w-]+|\[\d+\])*(?::-.*)?$/;

/** The first word of each `${…}` in `value`, however deep; empty for what is no name at all. */
export function namesIn(value: unknown): string[] {
  return pathsIn(value).map((path) => (form.test(path) ? firstWord(path) : ''));
}

function pathsIn(value: unknown): string[] {
  if (typeof value === 'string') return [...value.matchAll(opened)].map(([, path = '']) => path);
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(pathsIn);
}

function firstWord(path: string): string {
  return path.split(/[.[:]/)[0] ?? '';
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
  const found = lookUp(written, names);
  // Some are found out only when they are asked for: a password is read from the mail.
  const value = typeof found === 'function' ? await (found as () => Promise<unknown>)() : found;
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
}

/** What `ana.email` or `tenant.applications[0].clientId` is in `names`, or the default behind `:-`. Throws a `Problem`. */
function lookUp(written: string, names: Names): unknown {
  const [path = '', fallback] = written.split(/:-(.*)/s);
  let value: unknown = names;
  for (const word of path.replaceAll(/\[(\d+)\]/g, '.$1').split('.')) {
    const known: Record<string, unknown> = value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
    value = Object.hasOwn(known, word) ? known[word] : undefined;
    if (value === undefined || value === null) return fallback ?? unknownName(written, word, Object.keys(known));
  }
  // An empty variable is none, as in a shell.
  return value === '' && fallback !== undefined ? fallback : value;
}

/** What is wrong with the names in `text` that begin with a word of `names`. */
export function problemsIn(text: string, names: Names): Problem[] {
  return pathsIn(text)
    .filter((path) => form.test(path) && Object.hasOwn(names, firstWord(path)))
    .flatMap((path) => {
      try {
        lookUp(path, names);
        return [];
      } catch (error) {
        if (error instanceof Problem) return [error];
        throw error;
      }
    });
}

const listedMax = 30;

function unknownName(written: string, word: string, known: readonly string[]): never {
  const fact = `\${${written}} stands for nothing: there is no ${quoted(word)}`;
  if (written.startsWith('env.')) throw new Problem('wrong input', 'name', fact, `Set the environment variable, or write \${${written}:-default}.`);
  const meant = nearMisses(word, known);
  const parts = known.length > listedMax ? [...known.slice(0, listedMax), `${known.length - listedMax} more`] : known;
  throw new Problem('wrong input', 'name', fact, meant.length > 0 ? `Did you mean ${either(meant)}?` : parts.length > 0 ? `There is ${parts.join(', ')}.` : 'It has no parts.');
}
