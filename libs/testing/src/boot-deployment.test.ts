import { existsSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { bootDeployment } from './boot-deployment.ts';

const standalone = `name: standalone
nodes:
  - { name: ise-1, pan: primary, mnt: primary, psn: true }
`;

it('boots the text of a topology, and leaves nothing when it is disposed of', async () => {
  let folder: string;
  let natsPid: number;
  {
    await using deployment = await bootDeployment(standalone);
    ({ folder, natsPid } = deployment);
    await deployment.createGuest({ email: 'ana@guest.example', validFor: '1d' });
    const mails = await deployment.mails();
    expect(mails.map(({ sentBy, to }) => [sentBy, to])).toEqual([['ise-1', ['ana@guest.example']]]);
    expect(existsSync(folder)).toBe(true);
  }
  expect(existsSync(folder)).toBe(false);
  expect(() => process.kill(natsPid, 0)).toThrow('ESRCH');
}, 30_000);

it('a topology that is wrong is refused with its mistakes, and nothing is started', async () => {
  await expect(bootDeployment('name: wrong\nnodes:\n  - { name: ise-1, pan: primry }\n')).rejects.toMatchObject({ code: 'topology' });
});

it('time passes by advance alone, by a duration or to a date', async () => {
  await using deployment = await bootDeployment(standalone);
  const began = deployment.clock.now();
  expect(deployment.clock.now()).toBe(began);
  await deployment.clock.advance('90m');
  expect(Date.parse(deployment.clock.now()) - Date.parse(began)).toBe(90 * 60_000);
  await deployment.clock.advance('2026-03-01');
  expect(deployment.clock.now()).toBe('2026-03-01T00:00:00Z');
  await expect(deployment.clock.advance('soon')).rejects.toThrow('"soon" is neither');
}, 30_000);

it('is stopped when its signal is aborted, and can still be stopped after that', async () => {
  const over = new AbortController();
  const deployment = await bootDeployment(standalone, { signal: over.signal });
  over.abort();
  await vi.waitFor(() => { expect(existsSync(deployment.folder)).toBe(false); }, { timeout: 10_000 });
  await deployment.stop();
}, 30_000);

it('ends its boot when its signal is aborted meanwhile', async () => {
  const over = new AbortController();
  const booting = bootDeployment(standalone, { signal: over.signal });
  over.abort(new Error('enough'));
  await expect(booting).rejects.toThrow('enough');
}, 30_000);
