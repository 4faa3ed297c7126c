import { personas, type Persona } from '@isesim/domain';
import { expect, test } from 'vitest';
import { microsoft365Rights, operatorRights, rightsOf } from './rights.ts';
import { configurationWriteSchema, streamsOf, subjectsOf, type Stream } from './streams.ts';

const node = (name: string, ...has: Persona[]) => ({ name, personas: has });
const members = [node('ise-1', 'pan', 'mnt'), node('ise-2', 'pan', 'mnt'), node('psn-1', 'psn')];
const { outbox, ...shared } = streamsOf('d');
const streams: Stream<unknown>[] = [...Object.values(shared), ...members.flatMap(({ name, personas: has }) => has.map((persona) => outbox(persona, name)))];
const subjects = subjectsOf('d');

/** True when some subject fits both patterns. */
function overlap(one: string, other: string): boolean {
  const [a, b] = [one.split('.'), other.split('.')];
  for (let index = 0; ; index += 1) {
    const [x, y] = [a[index], b[index]];
    if (x === undefined || y === undefined) return x === y;
    if (x === '>' || y === '>') return true;
    if (x !== y && x !== '*' && y !== '*') return false;
  }
}

test('every stream has a name of its own that JetStream takes', () => {
  const names = streams.map(({ name }) => name);

  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]+$/);
});

test('no two streams store the same message', () => {
  for (const [index, one] of streams.entries()) {
    for (const other of streams.slice(index + 1)) expect(overlap(one.subjects, other.subjects), `${one.name} and ${other.name}`).toBe(false);
  }
});

test('no stream stores a request, a work report, a grant, a feed or an inbox', () => {
  const passing = [
    subjects.request('*', '*', '*'),
    subjects.work('*'),
    subjects.grant('*'),
    'isesim.d.feed.>',
    '_INBOX.>',
    ...streams.flatMap(({ feed }) => (feed === undefined ? [] : [`${feed}.>`])),
  ];
  for (const stream of streams) {
    for (const subject of passing) expect(overlap(stream.subjects, subject), `${stream.name} and ${subject}`).toBe(false);
  }
});

test('what a stream is fed back under is under the feed of that stream alone', () => {
  const feeds = streams.flatMap(({ feed }) => (feed === undefined ? [] : [`${feed}.>`]));

  for (const [index, one] of feeds.entries()) {
    for (const other of feeds.slice(index + 1)) expect(overlap(one, other), `${one} and ${other}`).toBe(false);
  }
});

test('every subject that is written lies in the stream of its kind', () => {
  const stored: [string, string][] = [
    [subjects.config('ise-1', 'smtp-server'), 'KV_d_config'],
    [subjects.guest('ana'), 'KV_d_accounts'],
    [subjects.internalUser('jdoe'), 'KV_d_accounts'],
    [subjects.alarm('psn-1', 'x'), 'd_alarms'],
    [subjects.outbox('psn', 'psn-1', 'portal-notification', 'x'), 'd_outbox_psn_psn-1'],
    [subjects.outbox('mnt', 'ise-2', 'alarm', 'x'), 'd_outbox_mnt_ise-2'],
    [subjects.outcome('pan', 'ise-1', 'x'), 'd_outcomes'],
    [subjects.report('psn-1'), 'd_status'],
    [subjects.mail('x'), 'd_mail'],
    [subjects.duty(1), 'd_history'],
  ];
  for (const [subject, name] of stored) expect(streams.filter((stream) => overlap(stream.subjects, subject)).map((stream) => stream.name), subject).toEqual([name]);
});

test('nobody but its owner may write into an outbox, for any persona', () => {
  const writers = (stream: Stream<unknown>) =>
    [
      ...members.map((member) => ({ name: member.name, publish: rightsOf('d', member, members).publish })),
      { name: 'microsoft365', publish: microsoft365Rights('d').publish },
      { name: 'operator', publish: operatorRights('d', members).publish },
    ].filter(({ publish }) => publish.some((subject) => overlap(subject, stream.subjects))).map(({ name }) => name);

  for (const { name, personas: has } of members) for (const persona of has) expect(writers(outbox(persona, name))).toEqual([name]);
  for (const persona of personas) expect(writers(outbox(persona, 'psn-9'))).toEqual([]);
  expect(writers(shared.mail)).toEqual(['microsoft365']);
  expect(writers(shared.history)).toEqual([]);
});

test('deployments whose names begin alike share no stream and no subject', () => {
  const { outbox: otherOutbox, ...other } = streamsOf('d-2');

  for (const one of streams) {
    for (const each of [...Object.values(other), otherOutbox('pan', 'ise-1')] as Stream<unknown>[]) {
      expect(each.name).not.toBe(one.name);
      expect(overlap(each.subjects, one.subjects)).toBe(false);
    }
  }
});

test.each<[string, unknown]>([
  ['an epoch without its number', { kind: 'epoch', primary: 'ise-1' }],
  ['pages without their epoch', { kind: 'pages', pages: { portals: {} } }],
  ['a kind that is none', { kind: 'rollup' }],
  ['text', 'junk'],
])('%s is no configuration write', (_what, value) => {
  expect(configurationWriteSchema.safeParse(value).success).toBe(false);
});
