import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findScenarios } from './find-scenarios.ts';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'isesim-find-')); });
afterEach(() => { rmSync(folder, { recursive: true }); });

function file(name: string, text = 'steps:\n'): string {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

test('of a folder, its scenarios at any depth by name, without topologies and other files', () => {
  const [second, first] = [file('b.yml'), file('a/x.yaml')];
  file('topology.yaml', 'nodes:\n');
  file('notes.txt');
  expect(findScenarios([folder, second])).toEqual([first, second]);
});

test('links that lead nowhere or to themselves are no obstacle in a folder', () => {
  const only = file('a.yaml');
  symlinkSync(join(folder, 'loop.yaml'), join(folder, 'loop.yaml'));
  symlinkSync(join(folder, 'gone'), join(folder, 'b.yaml'));
  expect(findScenarios([folder])).toEqual([only]);
});

test('a link to itself that is named is left to its reader, who says what is wrong', () => {
  const loop = join(folder, 'loop.yaml');
  symlinkSync(loop, loop);
  expect(findScenarios([loop])).toEqual([loop]);
});

// What vanishes or may not be read while it is searched; processes come and go there.
test.runIf(process.platform === 'linux')('a folder without any is wrong input, whatever in it cannot be searched', () => {
  expect(() => findScenarios(['/proc/self'])).toThrow(expect.objectContaining({ kind: 'wrong input', code: 'no-scenario', message: 'no scenario was found in /proc/self' }));
});
