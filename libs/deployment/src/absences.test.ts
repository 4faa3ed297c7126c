import { describe, expect, it } from 'vitest';
import { absenceText, awayNodes, broughtBackBy, isCutOff, needsStart, type Absence } from './absences.ts';

/** What `asker` is told of `pans`, of which ise-1 is the primary. */
function away(of: Readonly<Record<string, Absence>>, { remote = [], pans = ['ise-1'], asker = 'psn-1' }: { remote?: string[]; pans?: string[]; asker?: string } = {}) {
  return awayNodes({ pans, asker, absenceOf: (name) => of[name], isRemote: (name) => remote.includes(name), primaryPan: () => 'ise-1' });
}

describe('whoever asks', () => {
  it.each<{ absence: Absence; why: string; remedy: string }>([
    { absence: 'killed', why: 'the primary PAN ise-1 is not running', remedy: 'Start it with "isesim node start ise-1".' },
    { absence: 'ended', why: 'the primary PAN ise-1 is not running', remedy: 'Start it with "isesim node start ise-1".' },
    { absence: 'isolated', why: 'the primary PAN ise-1 is isolated from the other nodes', remedy: 'Let it reach the other nodes again with "isesim heal --node ise-1".' },
    { absence: 'no NATS', why: 'the primary PAN ise-1 is cut off from NATS', remedy: 'End the fault with "isesim heal --node ise-1 --to nats".' },
    { absence: 'untrusted', why: 'the primary PAN ise-1 does not trust the certificate of the deployment', remedy: 'End the fault with "isesim heal --node ise-1 --to nats".' },
  ])('a node that is $absence is refused at once: $why', ({ absence, why, remedy }) => {
    expect(away({ 'ise-1': absence })).toEqual({ 'ise-1': { why, remedy } });
  });

  it('is told to promote the secondary PAN in place of a primary that is away, if there is one', () => {
    const pans = ['ise-1', 'ise-2'];
    const start = 'Start it with "isesim node start ise-1".';

    expect(away({ 'ise-1': 'killed' }, { pans })['ise-1']?.remedy).toBe(`${start} Or promote the secondary PAN: isesim node promote ise-2`);
    expect(away({ 'ise-1': 'killed', 'ise-2': 'isolated' }, { pans })['ise-1']?.remedy).toBe(start);
  });

  it.each<Absence>(['paused', 'silent', 'not started'])('a node that is %s waits, since it may come by itself', (absence) => {
    expect(away({ 'ise-1': absence })).toEqual({});
  });

  it('another than the primary PAN is told its name alone, and where a node that runs elsewhere is started', () => {
    expect(away({ 'ise-2': 'stopped' }, { remote: ['ise-2'], pans: ['ise-1', 'ise-2'] })).toEqual({ 'ise-2': { why: 'ise-2 is not running', remedy: 'Start it with "isesim node-run ise-2".' } });
  });

  it('a PAN is told of the other, of which alone it can ask anything', () => {
    expect(Object.keys(away({ 'ise-1': 'killed', 'ise-2': 'killed' }, { pans: ['ise-1', 'ise-2'], asker: 'ise-2' }))).toEqual(['ise-1']);
  });
});

it('a cut leaves a node running, and heal ends it as a pause; who runs elsewhere is looked for there', () => {
  expect((['isolated', 'no NATS', 'untrusted', 'paused', 'killed'] as const).map((absence) => isCutOff(absenceText(absence)))).toEqual([true, true, true, false, false]);
  expect((['killed', 'isolated', 'paused', 'silent'] as const).map((absence) => broughtBackBy('psn-1', absenceText(absence)))).toEqual([
    'isesim node start psn-1',
    'isesim heal --node psn-1',
    'isesim heal --node psn-1',
    'look where "isesim node-run psn-1" runs',
  ]);
});

it('only what has ended needs a start', () => {
  const all: readonly Absence[] = ['killed', 'stopped', 'ended', 'paused', 'silent', 'not started', 'isolated', 'no NATS', 'untrusted'];
  expect(all.filter((absence) => needsStart(absenceText(absence)))).toEqual(['killed', 'stopped', 'ended']);
});
