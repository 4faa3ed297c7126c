import { isMap, isScalar, isSeq, Lexer, LineCounter, parseDocument } from 'yaml';
import type { Environment } from './environment.ts';
import { pathText, type Finding } from './finding.ts';
import { tooLarge } from './read-named-file.ts';
import { syntaxText } from './syntax-text.ts';
import { TopologyError } from './topology-error.ts';
import { readValues, type SourceValue } from './value-reader.ts';
import { quoted } from './wording.ts';

export interface Source {
  readonly root: SourceValue;
  /** Mistakes that leave the rest readable: duplicate keys, variables that are not set. */
  readonly findings: readonly Finding[];
  /** With lines and columns, in the order of the file. */
  error(findings: readonly Finding[]): TopologyError;
}

/** 1 MB. A topology with 1,000 nodes written out one by one has 100 kB. */
export const sizeMax = 1_000_000;
// The YAML library takes up to 50 µs for a token that is a mistake: a second at most.
const tokensMax = 20_000;

export interface SourceOptions {
  /** The name of the file in messages. */
  readonly file: string;
  /** What ${NAME} stands for; left out, such texts stay as they are written. */
  readonly env?: Environment;
  /** The keys that no file of this kind goes without. */
  readonly atLeast: string;
}

/** The values of a YAML text and their places. Throws when the text, whatever it is, is not one map. */
export function readSource(text: string, { file, env, atLeast }: SourceOptions): Source {
  refuseOddText(text, file);
  const lines = new LineCounter();
  // Duplicate keys are found by readValues: the library compares every key with every other.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    schema: 'core',
    resolveKnownTags: false,
  });
  const error = (findings: readonly Finding[]) => errorOf(findings, file, lines);

  const slips = [...document.errors, ...document.warnings];
  if (slips.length > 0) {
    throw error(firstCauses(slips.map((slip) => ({ path: [], offset: slip.pos[0], message: syntaxText(slip) }))));
  }
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.value === null)) {
    throw wholeFileError(file, `the file is empty; write at least ${atLeast}`);
  }
  if (!isMap(contents)) {
    const kind = isSeq(contents) ? 'a list' : 'a single value';
    throw error([{ path: [], offset: contents.range?.[0] ?? 0, message: `the file is ${kind}; write a map with at least ${atLeast}` }]);
  }
  const { root, findings, fatal } = readValues(contents, env);
  if (fatal) throw error([fatal]);
  return { root, findings, error };
}

/** A mistake of the file as a whole. */
export function wholeFileError(file: string, message: string, options?: ErrorOptions): TopologyError {
  return new TopologyError([{ file, line: 1, column: 1, path: '', message }], options);
}

function refuseOddText(text: string, file: string): void {
  if (text.length > sizeMax) throw wholeFileError(file, tooLarge(text.length, sizeMax).message);
  const odd = text.search(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/);
  if (odd !== -1) {
    const before = text.slice(0, odd).split('\n');
    const message = `the file contains the character ${quoted(text.charAt(odd))}; write plain text in UTF-8`;
    throw new TopologyError([{ file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1, path: '', message }]);
  }
  // In double quotes, each backslash can be a mistake of its own.
  let tokens = text.split('\\').length - 1;
  for (const _ of new Lexer().lex(text)) {
    tokens += 1;
    if (tokens > tokensMax) {
      throw wholeFileError(file, `the file has more than ${tokensMax} words and signs; write less, for example with count`);
    }
  }
}

// The library goes on after a slip and may report its consequences at the same place, or the same depth many times.
function firstCauses(findings: readonly Finding[]): readonly Finding[] {
  const tooDeep = findings.find(({ message }) => message === syntaxText({ code: 'RESOURCE_EXHAUSTION', message: '' }));
  if (tooDeep) return [tooDeep];
  const first = new Map<number, Finding>();
  for (const finding of findings) {
    if (!first.has(finding.offset)) first.set(finding.offset, finding);
  }
  return [...first.values()];
}

function errorOf(findings: readonly Finding[], file: string, lines: LineCounter): TopologyError {
  const placed = findings
    .toSorted((one, other) => one.offset - other.offset)
    .map(({ path, offset, message }) => {
      const { line, col } = lines.linePos(Math.max(0, offset));
      return { file, line, column: col, path: pathText(path), message };
    });
  return new TopologyError(placed);
}
