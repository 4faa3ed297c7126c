import { readFileSync, statSync } from 'node:fs';

// As for topologies: what is larger is not read.
const lengthMax = 1_000_000;

/** Which of the two kinds of file this is, by the list that only it has; undefined when it has neither, both, or cannot be read. */
export function fileKind(path: string): 'topology' | 'scenario' | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isFile() || stats.size > lengthMax) return undefined;
  const text = textOf(path);
  const [hasNodes, hasSteps] = [/^nodes\s*:/m.test(text), /^steps\s*:/m.test(text)];
  if (hasNodes === hasSteps) return undefined;
  return hasNodes ? 'topology' : 'scenario';
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
