import { readFileSync, statSync, type Stats } from 'node:fs';

// As for topologies: what is larger is not read.
const lengthMax = 1_000_000;

/** Which of the two kinds of file this is, by the list that only it has; undefined when it has neither, both, or cannot be read. */
export function fileKind(path: string): 'topology' | 'scenario' | undefined {
  const stats = statsOf(path);
  if (!stats?.isFile() || stats.size > lengthMax) return undefined;
  const text = textOf(path);
  const [hasNodes, hasSteps] = [/^nodes\s*:/m.test(text), /^steps\s*:/m.test(text)];
  if (hasNodes === hasSteps) return undefined;
  return hasNodes ? 'topology' : 'scenario';
}

/** Undefined for what is not there or may not be looked at; whoever reads it says why. */
export function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
