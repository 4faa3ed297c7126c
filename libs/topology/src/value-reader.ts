import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import { fillVariables, type Environment } from './environment.ts';
import { pathText, type Finding, type Path } from './finding.ts';
import { quoted } from './wording.ts';

/** A value of the file with its place: offsets into the text. */
export interface SourceValue {
  readonly data: unknown;
  readonly start: number;
  /** Of the key that leads here; in a list, of the value. */
  readonly keyStart: number;
  /** As written, when variables were filled in: what they hold is not for messages. */
  readonly written?: string;
  readonly children: ReadonlyMap<string | number, SourceValue>;
}

export interface SourceValues {
  readonly root: SourceValue;
  readonly findings: readonly Finding[];
  /** Why reading stopped. */
  readonly fatal?: Finding;
}

// A file has fewer values than tokens, unless aliases multiply them.
const valuesMax = 20_000;
// The format itself goes seven levels deep.
const depthMax = 32;

/** Follows aliases, fills in variables (with `env`) and keeps each value's place. */
export function readValues(contents: YAMLMap, env: Environment | undefined): SourceValues {
  const reader = new ValueReader(env);
  const root = reader.read(contents, [], 0, 0);
  return { root, findings: reader.findings, ...(reader.fatal && { fatal: reader.fatal }) };
}

class ValueReader {
  readonly findings: Finding[] = [];
  fatal: Finding | undefined;
  readonly #env: Environment | undefined;
  readonly #anchors = new Map<string, Node>();
  #values = 0;

  constructor(env: Environment | undefined) {
    this.#env = env;
  }

  read(node: Node | null, path: Path, keyStart: number, before: number): SourceValue {
    const start = node?.range?.[0] ?? before;
    const place = { start, keyStart };
    this.#values += 1;
    if (this.#values > valuesMax) this.#stop(start, `the file has more than ${valuesMax} values; write less, with fewer aliases`);
    if (path.length > depthMax) this.#stop(start, 'the file is nested too deeply; check the brackets, dashes and aliases');
    if (this.fatal || node === null) return { data: null, ...place, children: new Map() };

    if (isAlias(node)) return this.#followed(node.source, path, place);
    if (node.anchor) this.#anchors.set(node.anchor, node);
    if (isMap(node)) return this.#map(node, path, place);
    if (isSeq(node)) return this.#list(node.items as Node[], path, place);
    return { ...place, children: new Map(), ...this.#scalar(isScalar(node) ? node.value : null, path, start) };
  }

  #followed(anchor: string, path: Path, place: Place): SourceValue {
    const target = this.#anchors.get(anchor);
    if (target) return this.read(target, path, place.keyStart, place.start);
    const message = 'the alias (*…) has no anchor (&…) before it; write the value, or put a text that begins with * in quotes';
    this.#note(path, place.start, message);
    return { data: null, ...place, children: new Map() };
  }

  #map(node: YAMLMap, path: Path, place: Place): SourceValue {
    const children = new Map<string, SourceValue>();
    for (const pair of node.items as Pair<Node, Node | null>[]) {
      const { key, value } = pair;
      const keyStart = key.range?.[0] ?? place.start;
      if (!isScalar(key) || key.value === null || key.value === '') {
        this.#note([...path, ''], keyStart, 'a key must be a word; write key: value');
        continue;
      }
      const name = String(key.value);
      if (children.has(name)) {
        const where = path.length > 0 ? ` in ${pathText(path)}` : '';
        this.#note([...path, name], keyStart, `${quoted(name)} is written twice${where}; write it once`);
        continue;
      }
      children.set(name, this.read(value, [...path, name], keyStart, key.range?.[1] ?? keyStart));
    }
    // No prototype: a key such as __proto__ is a key like any other.
    const data: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    for (const [name, child] of children) data[name] = child.data;
    return { data, ...place, children };
  }

  #list(items: readonly Node[], path: Path, place: Place): SourceValue {
    const children = new Map<number, SourceValue>();
    for (const [index, item] of items.entries()) {
      const start = item.range?.[0] ?? place.start;
      children.set(index, this.read(item, [...path, index], start, start));
    }
    return { data: [...children.values()].map(({ data }) => data), ...place, children };
  }

  #scalar(value: unknown, path: Path, start: number): { data: unknown; written?: string } {
    if (typeof value !== 'string' || !value.includes('${') || !this.#env) return { data: value };
    const filled = fillVariables(value, this.#env);
    if ('text' in filled) return { data: filled.text, written: value };
    this.#note(path, start, `${pathText(path)}: ${filled.problem}`);
    return { data: value, written: value };
  }

  #note(path: Path, offset: number, message: string): void {
    this.findings.push({ path, offset, message });
  }

  #stop(offset: number, message: string): void {
    this.fatal ??= { path: [], offset, message };
  }
}

interface Place {
  readonly start: number;
  readonly keyStart: number;
}
