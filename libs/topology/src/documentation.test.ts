import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withFieldReference } from './field-reference.ts';
import { fieldsOf } from './fields.ts';
import { jsonSchemaOfFormat, topologyJsonSchema } from './json-schema.ts';
import { parseTopology } from './parse-topology.ts';
import { readTopology } from './read-topology.ts';
import { TopologyError } from './topology-error.ts';

const root = join(import.meta.dirname, '../../..');
const page = readFileSync(join(root, 'docs/topology.md'), 'utf8');
const oneNode = 'name: t\nnodes: [{ name: ise, pan: primary, mnt: primary, psn: true }]\n';

/** The blocks of code in a section of the page. */
function blocks(heading: string, language: string): string[] {
  const section = page.split('\n## ').find((each) => each.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))].map(([, block = '']) => block);
}

function messageOf(text: string, env: Record<string, string> = {}): string {
  try {
    parseTopology(text, { file: 'lab.yaml', env });
  } catch (error) {
    if (error instanceof TopologyError) return error.message;
    throw error;
  }
  return '';
}

describe('the schema for editors', () => {
  test('is the one that the format gives', () => {
    expect(readFileSync(join(root, 'topology/topology.schema.json'), 'utf8')).toBe(topologyJsonSchema());
  });

  test('says of every field what it means', () => {
    const silent = fieldsOf(jsonSchemaOfFormat()).filter(({ schema }) => !schema.description);
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  test('says what is not supported yet', () => {
    const { properties } = JSON.parse(topologyJsonSchema()) as { properties: Record<string, { description: string }> };
    expect(properties['panFailover']?.description).toMatch(/^Not supported yet\. /);
    expect(properties['nodes']?.description).not.toMatch(/upported/);
  });
});

describe('the reference of fields on the page', () => {
  test('is the one that the format gives', () => {
    expect(page).toBe(withFieldReference(page));
  });

  test.each([
    ['a field with a fixed default', '| `smtpServer.port` | whole number from 1 to 65535 | `25` | '],
    ['a field whose default follows from others', '| `alarmNotification.from` | mail address | the mailbox | '],
    ['a field of one kind of map', '| `faults[].delay` | duration above 0s | `10s` | How late. Only where `fault` is `slow`. |'],
    ['a field that takes some of its words', '| `portals[].requireApproval` | `true` or `false` | `false` | **Supported so far: false.** '],
    ['a field in what is not supported yet', '| `panFailover.failedAttempts` | whole number from 2 to 60 | `5` | **Not supported yet.** '],
    ['a field of items in items', '| `microsoft365.mailboxes[].permissions[].rights` | '],
  ])('has %s', (_, row) => {
    expect(page).toContain(row);
  });

  test('is not written into a page without its marks', () => {
    expect(() => withFieldReference('# A page')).toThrow('the page lacks <!-- generated: fields -->');
  });
});

describe('the example on the page', () => {
  const [example = ''] = blocks('Example', 'yaml');
  const secretIn = (env: Record<string, string>) => {
    const { authentication } = parseTopology(example, { file: 'lab.yaml', env }).smtpServer;
    return authentication.type === 'exchange-online-oauth' && authentication.clientSecret.reveal();
  };

  test('is a topology', () => {
    const { name, nodes, guests, guestTypes } = parseTopology(example, { file: 'lab.yaml', env: {} });
    expect([name, nodes.map((node) => node.name)]).toEqual(['lab', ['ise-1', 'ise-2', 'psn-1', 'psn-2']]);
    const [guest] = guests;
    const told = (guest?.createdAt ?? 0) + (guest?.validForMs ?? 0) - (guestTypes[0]?.expiryNotice.beforeMs ?? 0);
    expect(new Date(told).toISOString()).toBe('2026-02-04T05:00:00.000Z');
  });

  test('takes its secret from the environment, or the default', () => {
    expect([secretIn({}), secretIn({ ENTRA_CLIENT_SECRET: '' }), secretIn({ ENTRA_CLIENT_SECRET: 'another' })]).toEqual([
      'demo-secret',
      'demo-secret',
      'another',
    ]);
  });
});

test('the mistakes on the page are told as the page says', () => {
  const [wrong = ''] = blocks('How mistakes are reported', 'yaml');
  expect(blocks('How mistakes are reported', 'text')).toEqual([`${messageOf(wrong)}\nerror: lab.yaml has 8 mistakes\n  Correct the places named; nothing was started.\n`]);
});

test('a field that wants a number takes no variable', () => {
  expect(messageOf(`${oneNode}smtpServer: { host: h, port: "\${PORT}" }`, { PORT: '587' })).toContain('smtpServer.port is "${PORT}"');
});

test('the page has a row for every example, with its number of nodes', async () => {
  const files = readdirSync(join(root, 'topology')).filter((name) => name.endsWith('.yaml'));
  for (const file of files) {
    const { nodes } = await readTopology(join(root, 'topology', file), { env: {} });
    expect(page).toContain(`| \`${file}\` | ${nodes.length} | `);
  }
  expect(page.match(/^\| `\w+\.yaml` /gm)).toHaveLength(files.length);
});

test.each([
  ['size of the file', `${oneNode}#${'x'.repeat(1_000_000)}`, /write at most (\d+)$/],
  ['words and signs in it', `a: [${'1,'.repeat(30_000)}]`, /more than (\d+) words and signs/],
  ['values, those that aliases repeat included', `a: &a [${'1,'.repeat(200)}]\nb: [${'*a,'.repeat(200)}]`, /more than (\d+) values/],
  ['`count` of one entry of `nodes`', 'name: t\nnodes: [{ name: a, psn: true, count: 0 }]', /count is 0; write a whole number from 1 to (\d+)/],
  [
    'nodes in all',
    `name: t\nlimits: off\nnodes:\n${Array.from({ length: 11 }, (_, index) => `  - { name: p${index}, psn: true, count: 1000 }`).join('\n')}`,
    /write at most (\d+)/,
  ],
  ['characters that variables bring into one value', `${oneNode}domain: "\${A}"`, /longer than (\d+) characters/],
])('the limit on the page is the one that holds: %s', (what, text, limit) => {
  const [, number] = limit.exec(messageOf(text, { A: 'x'.repeat(20_000) })) ?? [];
  expect(page).toContain(`| ${what} | ${Number(number).toLocaleString('en-US')}`);
});
