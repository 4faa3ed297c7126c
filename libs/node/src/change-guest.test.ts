import { OutdatedWrite, streamsOf, subjectsOf, type Bus } from '@isesim/bus';
import type { Guest } from '@isesim/domain';
import { expect, test } from 'vitest';
import { IseNode, type IseNodeParts } from './ise-node.ts';

const ana = { id: 'g1', email: 'ana@guest.example', password: 'a' } as Guest;

/** The accounts of a deployment, and a node that changes them. */
function makeNode(...guests: Guest[]) {
  const subjects = subjectsOf('test');
  const stored = new Map(guests.map((guest, index) => [subjects.guest(guest.id), { sequence: index + 1, value: { kind: 'guest', guest } }]));
  let last = guests.length;
  const write = (subject: string, value: { kind: 'guest'; guest: Guest }) => { stored.set(subject, { sequence: ++last, value }); };
  const bus = {
    streams: streamsOf('test'),
    subjects,
    readLast: (_stream: unknown, subject: string) => Promise.resolve(stored.get(subject)),
    writeFenced: (_stream: unknown, subject: string, value: { kind: 'guest'; guest: Guest }, { lastOfSubject }: { lastOfSubject: number }) => {
      if (stored.get(subject)?.sequence !== lastOfSubject) return Promise.reject(new OutdatedWrite(subject));
      write(subject, value);
      return Promise.resolve(last);
    },
  } as unknown as Bus;
  const another = (guest: Guest) => { write(subjects.guest(guest.id), { kind: 'guest', guest }); };
  return { node: new IseNode({ bus } as unknown as IseNodeParts), another };
}

const longer = (former: Guest): Guest => ({ ...former, password: `${former.password}b` });

test('a guest is changed, and the next change is made of that', async () => {
  const { node } = makeNode(ana);

  expect(await node.changeGuest('g1', longer)).toEqual({ ...ana, password: 'ab' });
  expect(await node.changeGuest('g1', longer)).toEqual({ ...ana, password: 'abb' });
  expect(await node.guest('g1')).toEqual({ ...ana, password: 'abb' });
});

test('a guest that another has changed since it was read is changed anew', async () => {
  const { node, another } = makeNode(ana);
  let others = 0;
  const changed = await node.changeGuest('g1', (former) => {
    if (others++ === 0) another({ ...ana, password: 'x' });
    return longer(former);
  });

  expect(changed).toEqual({ ...ana, password: 'xb' });
  expect(await node.guest('g1')).toEqual(changed);
});

test('two changes at once are two', async () => {
  const { node } = makeNode(ana);
  const changed = await Promise.all([node.changeGuest('g1', longer), node.changeGuest('g1', longer)]);

  expect(changed.map((guest) => guest?.password)).toEqual(['ab', 'abb']);
});

test('a change that is refused leaves the guest as it is, and a guest that there is not is none', async () => {
  const { node } = makeNode(ana);
  await expect(node.changeGuest('g1', () => { throw new Error('not any more'); })).rejects.toThrow('not any more');

  expect(await node.guest('g1')).toEqual(ana);
  expect(await node.changeGuest('g2', longer)).toBeUndefined();
});
