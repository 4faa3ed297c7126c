import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { map, node, words } from '../fields.ts';
import { expectation } from '../step.ts';

// What a person reads of a log first.
const lastLines = 5;

export const expectLog = expectation({
  does: "expect a text in a node's guest.log",
  fields: map({ node: node.describe('Whose log'), contains: words.describe('A part of one of its lines') }),
  check: async ({ folder }, { node: name, contains }) => {
    const lines = (await logOf(folder, name)).split('\n').filter((line) => line !== '');
    if (lines.some((line) => line.includes(contains))) return { holds: true };
    return {
      holds: false,
      expected: `a line of guest.log of ${name} with "${contains}"`,
      found: `none among ${lines.length} ${lines.length === 1 ? 'line' : 'lines'}`,
      hints: lines.slice(-lastLines).map((line): [string, string] => ['log', line]),
    };
  },
});

async function logOf(folder: string, node: string): Promise<string> {
  try {
    return await readFile(join(folder, 'nodes', node, 'guest.log'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
