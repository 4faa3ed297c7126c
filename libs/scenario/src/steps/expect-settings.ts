import { formatDuration, formatInstant, parseConnectionTimeout, parseInstant } from '@isesim/domain';
import * as z from 'zod';
import { map, node, number } from '../fields.ts';
import type { Stage } from '../stage.ts';
import { expectation } from '../step.ts';
import { runningNodes } from './running-nodes.ts';

type Values = Readonly<Record<string, unknown>>;

export const expectSettings = expectation({
  does: 'expect the settings that a node holds: their revision, and values of its SMTP Server page',
  fields: map({
    node: node.optional().describe('Which node. Default: every node that runs'),
    revision: number(0, 1_000_000).optional().describe('The revision that it holds'),
    values: z.record(z.string(), z.unknown(), 'write a map').optional().describe('Fields of the SMTP Server page, as `smtpServer` of a topology has them'),
  }),
  check: async (stage, { node: name, revision, values = {} }) => {
    const names = name === undefined ? runningNodes(stage.deployment) : [name];
    const differences = await Promise.all(names.map((each) => differencesAt(stage, each, revision, values)));
    const found = differences.flat();
    if (found.length === 0) return { holds: true };
    const wanted = [...(revision === undefined ? [] : [`revision ${revision}`]), ...leaves(values).map(([field, value]) => `${field} ${value}`)];
    return { holds: false, expected: `${name ?? 'every node'}: ${wanted.join(', ')}`, found: found.join('; '), hints: [] };
  },
});

async function differencesAt({ deployment }: Stage, node: string, revision: number | undefined, values: Values): Promise<string[]> {
  const held = await deployment.ask(node, 'show-settings', {});
  const page = new Map(leaves(asWritten((held.pages['smtp-server'] ?? {}) as Values)));
  const differing = leaves(values).filter(([field, value]) => page.get(field) !== inOneForm(field, value));
  return [
    ...(revision === undefined || revision === held.revision ? [] : [`${node} holds revision ${held.revision}`]),
    ...differing.map(([field]) => `${node} has ${field} ${page.get(field) ?? '(none)'}`),
  ];
}

/** The page in the words of a topology. */
function asWritten({ connectionTimeoutMs, authentication, ...page }: Values): Values {
  const { expiryDate, ...credentials } = (authentication ?? {}) as Values;
  return {
    ...page,
    ...(typeof connectionTimeoutMs === 'number' ? { connectionTimeout: formatDuration(connectionTimeoutMs) } : {}),
    authentication: { ...credentials, ...(typeof expiryDate === 'number' ? { expiryDate: formatInstant(expiryDate) } : {}) },
  };
}

/** A minute is 60s and 1m, a day a date and its midnight. */
function inOneForm(field: string, value: string): string {
  const ms = field === 'connectionTimeout' ? parseConnectionTimeout(value) : undefined;
  const date = field === 'authentication.expiryDate' ? parseInstant(value) : undefined;
  if (ms !== undefined) return formatDuration(ms);
  return date === undefined ? value : formatInstant(date);
}

/** `authentication.type` and its value, for each value that is no map. */
function leaves(value: unknown, path = ''): [field: string, value: string][] {
  if (value === null || typeof value !== 'object') return [[path, String(value)]];
  return Object.entries(value).flatMap(([name, each]) => leaves(each, path === '' ? name : `${path}.${name}`));
}
