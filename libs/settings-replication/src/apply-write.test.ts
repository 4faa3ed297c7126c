import { randomBytes } from 'node:crypto';
import type { ConfigurationWrite, StoredMessage } from '@isesim/bus';
import { pageNames, pagesThatMayLack, seal, Secret, type HeldConfiguration, type Page } from '@isesim/domain';
import { expect, test } from 'vitest';
import { applyWrite, emptyConfiguration } from './apply-write.ts';

const key = randomBytes(32).toString('base64');
const smtp: Page<'smtp-server'> = {
  host: 'smtp.office365.com',
  port: 587,
  connectionTimeoutMs: 60_000,
  tls: true,
  authentication: { type: 'password', username: 'relay', password: new Secret('hunter2') },
};
const portals: Page<'portals'> = { portals: [{ name: 'sponsor', type: 'sponsor', requireApproval: false }] };
/** ise-1 is primary under epoch 2; seven writes have been seen. */
const held: HeldConfiguration = { revision: 6, epoch: 2, primaryPan: 'ise-1', pages: { portals }, writtenAt: { portals: 3 } };

function write(writer: string, value: ConfigurationWrite, { sequence = 8, fencedBehind = sequence - 1 }: { sequence?: number; fencedBehind?: number | undefined } = {}): StoredMessage<ConfigurationWrite> {
  return { subject: `$KV.d_config.${writer}.x`, sequence, time: 0, fencedBehind, value };
}
const page = (name: string, value: unknown, epoch = 2): ConfigurationWrite => ({ kind: 'pages', epoch, pages: { [name]: value } });
const epoch = (number: number, primary: string): ConfigurationWrite => ({ kind: 'epoch', epoch: number, primary });
const unfenced = (message: StoredMessage<ConfigurationWrite>) => ({ ...message, fencedBehind: undefined });

test.each<{ what: string; message: StoredMessage<ConfigurationWrite>; dropped: string }>([
  { what: 'an unfenced page of the primary PAN', message: unfenced(write('ise-1', page('portals', portals))), dropped: 'ise-1 wrote without the fence' },
  { what: 'an unfenced promotion', message: unfenced(write('ise-2', epoch(3, 'ise-2'))), dropped: 'ise-2 wrote without the fence' },
  { what: 'a fence that is not just before it', message: write('ise-1', page('portals', portals), { fencedBehind: 6 }), dropped: 'ise-1 wrote without the fence' },
  { what: 'a page of another PAN', message: write('ise-2', page('portals', portals)), dropped: 'ise-2 is not the primary PAN' },
  { what: 'a page of another PAN under an epoch that is to come', message: write('ise-2', page('portals', portals, 3)), dropped: 'ise-2 is not the primary PAN' },
  { what: 'a page under an epoch that is over', message: write('ise-1', page('portals', portals, 1)), dropped: 'ise-1 wrote under epoch 1, it is 2' },
  { what: 'a page under an epoch that has not begun', message: write('ise-1', page('portals', portals, 3)), dropped: 'ise-1 wrote under epoch 3, it is 2' },
  { what: 'a promotion of somebody else', message: write('ise-2', epoch(3, 'ise-1')), dropped: 'ise-2 wrote the promotion of ise-1' },
  { what: 'a promotion that skips an epoch', message: write('ise-2', epoch(4, 'ise-2')), dropped: 'ise-2 wrote epoch 4 behind 2' },
  { what: 'a promotion to an epoch that was', message: write('ise-2', epoch(2, 'ise-2')), dropped: 'ise-2 wrote epoch 2 behind 2' },
  { what: 'a page that there is not', message: write('ise-1', page('mail-server', {})), dropped: 'ise-1 wrote an unknown page, mail-server' },
  { what: 'a page named like a method', message: write('ise-1', page('toString', {})), dropped: 'ise-1 wrote an unknown page, toString' },
  { what: 'a page that is not valid', message: write('ise-1', page('portals', { portals: [{ name: 'x' }] })), dropped: 'ise-1 wrote a page portals that is not valid' },
  { what: 'a page without a value', message: write('ise-1', page('portals', undefined)), dropped: 'ise-1 wrote a page portals that is not valid' },
  { what: 'a secret in the open', message: write('ise-1', page('smtp-server', { ...smtp, authentication: { ...smtp.authentication, password: 'hunter2' } })), dropped: 'ise-1 wrote a page smtp-server that is not valid' },
  {
    what: 'a secret sealed with another key',
    message: write('ise-1', page('smtp-server', seal(smtp, randomBytes(32).toString('base64')))),
    dropped: 'ise-1 wrote a page smtp-server that was not sealed with the key of this deployment',
  },
])('$what is dropped, and what is held stays', ({ message, dropped }) => {
  expect(applyWrite(held, message, key)).toEqual({ dropped });
});

test('a fenced page of the primary PAN is held, with its sequence as the revision and the moment at which it was written', () => {
  const changed = { portals: [{ name: 'guests', type: 'self-registration', requireApproval: true }] } as const;

  expect(applyWrite(held, { ...write('ise-1', page('portals', changed)), time: 7_000 }, key)).toEqual({
    held: { revision: 8, epoch: 2, primaryPan: 'ise-1', pages: { portals: changed }, writtenAt: { portals: 7_000 } },
  });
});

test('the secrets of a page arrive sealed and are held as secrets; the other pages stay', () => {
  const sealed: unknown = JSON.parse(JSON.stringify(seal(smtp, key)));
  const applied = applyWrite(held, write('ise-1', page('smtp-server', sealed)), key);

  expect(JSON.stringify(sealed)).not.toContain('hunter2');
  expect(JSON.stringify(applied)).not.toContain('hunter2');
  expect(applied).toEqual({ held: { ...held, revision: 8, pages: { portals, 'smtp-server': smtp }, writtenAt: { ...held.writtenAt, 'smtp-server': 0 } } });
});

test.each(pagesThatMayLack)('the page %s can be emptied; the other pages stay', (name) => {
  const before = { ...held, pages: { portals, [name]: {} } };

  expect(applyWrite(before, write('ise-1', page(name, null)), key)).toEqual({ held: { ...held, revision: 8, pages: { portals }, writtenAt: { ...held.writtenAt, [name]: 0 } } });
  expect(applyWrite(before, write('ise-2', page(name, null)), key)).toEqual({ dropped: 'ise-2 is not the primary PAN' });
});

test('pages that change together are one revision', () => {
  const together: ConfigurationWrite = { kind: 'pages', epoch: 2, pages: { portals: { portals: [] }, 'smtp-server': seal(smtp, key) } };

  expect(applyWrite(held, write('ise-1', together), key)).toEqual({ held: { ...held, revision: 8, pages: { portals: { portals: [] }, 'smtp-server': smtp }, writtenAt: { portals: 0, 'smtp-server': 0 } } });
});

test('of pages that change together none is held when one is not valid', () => {
  const together: ConfigurationWrite = { kind: 'pages', epoch: 2, pages: { portals: { portals: [] }, sponsors: 'junk' } };

  expect(applyWrite(held, write('ise-1', together), key)).toEqual({ dropped: 'ise-1 wrote a page sponsors that is not valid' });
  expect(held.pages).toEqual({ portals });
});

test('a promotion makes its writer the primary PAN, and the former one is not heard any more', () => {
  const promoted = applyWrite(held, write('ise-2', epoch(3, 'ise-2')), key);
  const after = 'held' in promoted ? promoted.held : held;

  expect(after).toEqual({ revision: 8, epoch: 3, primaryPan: 'ise-2', pages: { portals }, writtenAt: held.writtenAt });
  expect(applyWrite(after, write('ise-1', page('portals', portals, 2), { sequence: 9 }), key)).toEqual({ dropped: 'ise-1 is not the primary PAN' });
  expect(applyWrite(after, write('ise-1', page('portals', portals, 3), { sequence: 9 }), key)).toEqual({ dropped: 'ise-1 is not the primary PAN' });
  expect(applyWrite(after, write('ise-2', page('portals', portals, 3), { sequence: 9 }), key)).toHaveProperty('held.revision', 9);
});

test('the first write is a promotion behind nothing', () => {
  expect(applyWrite(emptyConfiguration, write('ise-1', page('portals', portals, 0), { sequence: 1 }), key)).toEqual({ dropped: 'ise-1 is not the primary PAN' });
  expect(applyWrite(emptyConfiguration, write('ise-1', epoch(1, 'ise-1'), { sequence: 1 }), key)).toEqual({ held: { revision: 1, epoch: 1, primaryPan: 'ise-1', pages: {}, writtenAt: {} } });
});

test('what was held before is not changed by what follows from it', () => {
  const before = structuredClone({ ...held });
  applyWrite(held, write('ise-1', page('portals', { portals: [] })), key);

  expect(held).toEqual(before);
});

test.each(pageNames)('junk for the page %s is dropped', (name) => {
  for (const junk of [...((pagesThatMayLack as readonly string[]).includes(name) ? [] : [null]), 'x', 7, [], { [name]: 'x' }, { sealed: 'x' }]) expect(applyWrite(held, write('ise-1', page(name, junk)), key)).toHaveProperty('dropped');
});
