import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dayMs } from '@isesim/domain';
import { describe, expect, test } from 'vitest';
import { readTopology } from './read-topology.ts';

const folder = join(import.meta.dirname, '../../../topology');
const examples = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const read = (name: string) => readTopology(join(folder, name), { env: {} });

describe.each(examples)('topology/%s', (name) => {
  test('is a topology, named after its file', async () => {
    expect(`${(await read(name)).name}.yaml`).toBe(name);
  });

  test('tells editors where its schema is', () => {
    expect(readFileSync(join(folder, name), 'utf8').split('\n')[0]).toBe('# yaml-language-server: $schema=./topology.schema.json');
  });
});

test('the sizes are those that ISE knows', async () => {
  const sizes = { standalone: 1, small: 2, medium: 8, large: 14, maximum: 54 };
  for (const [name, size] of Object.entries(sizes)) {
    expect((await read(`${name}.yaml`)).nodes).toHaveLength(size);
  }
});

test('in the demo every purpose that waits for time falls due within a week', async () => {
  const { startTime, administrators, internalUsers, guestTypes, guests, passwordPolicy } = await read('demo.yaml');
  const due = [
    ...administrators.map(({ passwordChanged }) => passwordChanged + days(passwordPolicy.administrators)),
    ...internalUsers.map(({ passwordChanged }) => passwordChanged + days(passwordPolicy.internalUsers)),
    ...guests.map((each) => each.createdAt + each.validForMs - (guestTypes.find(({ name }) => name === each.type)?.expiryNotice.beforeMs ?? 0)),
  ];
  expect(due.length).toBe(3);
  for (const instant of due) {
    expect(instant).toBeGreaterThan(startTime);
    expect(instant).toBeLessThan(startTime + 7 * dayMs);
  }
});

function days({ lifetimeDays, reminderDays }: { lifetimeDays: number; reminderDays: number }): number {
  return (lifetimeDays - reminderDays) * dayMs;
}
