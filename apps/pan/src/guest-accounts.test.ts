import { dayMs, type Guest } from '@isesim/domain';
import { expect, test } from 'vitest';
import { writeGuestAccounts } from './guest-accounts.ts';
import { TestNode } from './test-node.ts';

const start = Date.parse('2026-02-02T05:00:00Z');
const form = { portal: 'sponsor', email: 'ana@guest.example', psn: 'psn-1' };

function makePan() {
  const pan = new TestNode(start);
  const written: Guest[] = [];
  writeGuestAccounts(pan.node, (guest) => written.push(guest));
  const write = async (changes: object = {}) => ((await pan.ask('write-guest', { ...form, ...changes }, 'psn-1')) as { guest: Guest }).guest;
  return { pan, written, write };
}

test('a guest is written with a username, a password and a validity, and whoever watches is told', async () => {
  const { pan, written, write } = makePan();
  const guest = await write({ firstName: 'Ana', lastName: 'Ruiz', sponsor: 'sponsoruser', type: 'Daily', validForMs: dayMs });

  expect(guest).toMatchObject({ username: expect.stringMatching(/^ana\d{4}$/) as string, firstName: 'Ana', lastName: 'Ruiz', email: 'ana@guest.example', type: 'Daily', portal: 'sponsor', sponsor: 'sponsoruser', state: 'Created' });
  expect([guest.createdAt, guest.validFrom, guest.validTo]).toEqual([start, start, start + dayMs]);
  expect(guest.password).toMatch(/^[a-kmnp-zA-HJ-NP-Z2-9]{10}$/);
  expect([...pan.guests.values()]).toEqual([guest]);
  expect(written).toEqual([guest]);
});

test('what the form leaves out: no names, the first guest type and its longest validity', async () => {
  const { write } = makePan();

  expect(await write()).toMatchObject({ firstName: '', lastName: '', type: 'Contractor', validTo: start + 90 * dayMs });
});

test('two guests of one address are two accounts, with a username each', async () => {
  const { write } = makePan();
  const guests = [await write(), await write(), await write()];

  expect(new Set(guests.map(({ username }) => username)).size).toBe(3);
  expect(new Set(guests.map(({ id }) => id)).size).toBe(3);
  expect(new Set(guests.map(({ password }) => password)).size).toBe(3);
});

test.each([
  { what: 'a guest type that there is not', changes: { type: 'Visitor' }, code: 'guest-type', message: 'there is no guest type "Visitor"', remedy: 'Use one of Contractor, Daily.' },
  { what: 'a validity that the guest type does not allow', changes: { type: 'Daily', validForMs: 6 * dayMs }, code: 'valid-for', message: '6d is longer than guest type Daily allows', remedy: 'Use at most 5d.' },
])('$what is refused, and nothing is written', async ({ changes, code, message, remedy }) => {
  const { pan, written, write } = makePan();

  await expect(write(changes)).rejects.toMatchObject({ name: 'Problem', kind: 'wrong input', code, message, remedy });
  expect(pan.events).toEqual([]);
  expect(written).toEqual([]);
});

test('a guest gets another password each time, and all else stays', async () => {
  const { pan, write } = makePan();
  const guest = await write();
  const next = async () => ((await pan.ask('write-guest-password', { id: guest.id }, 'psn-1')) as { guest: Guest }).guest;
  const [one, other] = [await next(), await next()];

  expect(new Set([guest.password, one.password, other.password]).size).toBe(3);
  expect(other).toEqual({ ...guest, password: other.password });
  expect([...pan.guests.values()]).toEqual([other]);
  expect(other.password).toMatch(/^[a-kmnp-zA-HJ-NP-Z2-9]{10}$/);
});

test('two passwords that are asked for at once are two', async () => {
  const { pan, write } = makePan();
  const { id } = await write();
  const answers = (await Promise.all([1, 2].map(() => pan.ask('write-guest-password', { id }, 'psn-1')))) as { guest: Guest }[];

  expect(new Set(answers.map(({ guest }) => guest.password)).size).toBe(2);
});

test('a guest that there is not gets no password, and a secondary PAN gives none', async () => {
  const { pan, write } = makePan();
  const { id } = await write();
  await expect(pan.ask('write-guest-password', { id: 'nobody' }, 'psn-1')).rejects.toMatchObject({ kind: 'refused', message: 'there is no guest with the id nobody' });
  pan.primaryPan = 'ise-2';
  await expect(pan.ask('write-guest-password', { id }, 'psn-1')).rejects.toMatchObject({ code: 'not-primary' });
});

test('a secondary PAN writes no accounts', async () => {
  const { pan, write } = makePan();
  pan.primaryPan = 'ise-2';

  await expect(write()).rejects.toMatchObject({ kind: 'refused', code: 'not-primary', message: 'ise-1 is not the primary PAN (ise-2 is)' });
  expect(pan.events).toEqual([]);
});
