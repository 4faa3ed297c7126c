import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
// Topologies of scenarios lie in folders of their own.
const files = readdirSync(join(root, 'test/scenarios'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml') && basename(dirname(name)) !== 'topologies');

interface Result {
  readonly file: string;
  readonly outcome: string;
  readonly steps: readonly { readonly outcome: string; readonly message: string }[];
  readonly audit: { readonly judged: number; readonly findings: readonly unknown[] };
}

// One run for all, as a user would: scenarios in parallel, on one nats-server.
let results: readonly Result[];
beforeAll(async () => {
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [join(root, 'apps/cli/bin/isesim.js'), 'run', 'test/scenarios', '--json', '--install-nats'], { cwd: root, maxBuffer: 10_000_000 }, (_error, stdout) => { resolve(stdout); });
  });
  ({ results } = JSON.parse(output) as { results: Result[] });
}, 300_000);

describe('a scenario', () => {
  it.each(files)('%s', (name) => {
    const result = results.find(({ file }) => file === join('test/scenarios', name));
    expect(result?.steps.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
    expect(result).toMatchObject({ outcome: 'passed', audit: { findings: [] } });
  });
});

it('no scenario was left out, and none is there besides', () => {
  expect(results.map(({ file }) => file).sort()).toEqual(files.map((name) => join('test/scenarios', name)).sort());
});
