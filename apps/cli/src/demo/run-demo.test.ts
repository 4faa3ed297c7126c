import { nodeTable } from '@isesim/domain';
import { fetchNatsServer, findNatsServer, type BootedDeployment } from '@isesim/launch';
import { describe, expect, test } from 'vitest';
import { bootDemo } from './boot-demo.ts';
import type { Output } from './output.ts';
import { runDemo } from './run-demo.ts';

const wholeStoryMs = 60_000;

function keptOutput(): Output & { readonly lines: string[] } {
  const lines: string[] = [];
  return { lines, width: 100, paint: (_, text) => text, line: (text = '') => { lines.push(text); } };
}

async function boot(output: Output): Promise<BootedDeployment> {
  const { env } = process;
  const natsServer = (await findNatsServer(env)) ?? (await fetchNatsServer(env));
  return bootDemo({ isolation: 'inline', natsServer, env, output, ending: new AbortController() });
}

describe('the demo', { timeout: wholeStoryMs }, () => {
  test('every purpose is seen, each mail from the node that must send it', async () => {
    const output = keptOutput();
    await using booted = await boot(output);

    const { rows, audit, verdict } = await runDemo(booted.deployment, output);

    expect(rows.map(({ purpose, to, expected, actual, passed }) => [purpose, to, expected.node, actual?.sentBy, passed])).toEqual([
      ['guest-expiry', 'guest1-1@guest.example', 'ise-1', 'ise-1', true],
      ['guest-expiry', 'ana@guest.example', 'ise-1', 'ise-1', true],
      ['password-expiry', 'admin@contoso.example', 'ise-1', 'ise-1', true],
      ['password-expiry', 'jdoe@contoso.example', 'ise-1', 'ise-1', true],
      ['alarm', 'admin@contoso.example', 'ise-2', 'ise-2', true],
      ['portal-notification', 'ana@guest.example', 'psn-1', 'psn-1', true],
      ['portal-notification', 'ben@guest.example', 'psn-2', 'psn-2', true],
      ['portal-test', 'admin@contoso.example', 'ise-1', 'ise-1', true],
    ]);
    expect(new Set(rows.map(({ purpose }) => purpose))).toEqual(new Set(nodeTable.map(({ purpose }) => purpose)));
    expect(audit).toEqual({ judged: rows.length, findings: [] });
    expect(verdict).toBe('passed');
    for (const line of output.lines) expect(line.length).toBeLessThanOrEqual(100);
  });

  test('a node that is gone sends nothing: crosses, and a failed verdict', async () => {
    const output = keptOutput();
    await using booted = await boot(output);
    await booted.deployment.kill('psn-1');

    const { rows, verdict } = await runDemo(booted.deployment, output);

    const wrong = rows.filter(({ passed }) => !passed).map(({ purpose, to, expected, actual, problem }) => ({ purpose, to, node: expected.node, actual, problem }));
    expect(wrong).toEqual([
      { purpose: 'guest-expiry', to: 'ana@guest.example', node: 'ise-1', actual: null, problem: 'no such mail arrived' },
      { purpose: 'portal-notification', to: 'ana@guest.example', node: 'psn-1', actual: null, problem: 'no such mail arrived' },
    ]);
    expect(verdict).toBe('failed');
    expect(output.lines.map((line) => line.trim())).toEqual(expect.arrayContaining(['✗ psn-1 is not running', '✗ no guest-credentials mail to ana@guest.example']));
  });
});
