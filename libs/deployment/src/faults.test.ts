import type { Fault } from '@isesim/domain';
import { describe, expect, it } from 'vitest';
import { Faults, type Healed } from './faults.ts';

const exchange = 'smtp.office365.com';
const entra = 'login.microsoftonline.com';
const forAll: Fault = { to: exchange, fault: 'timeout' };
const forPsn1: Fault = { node: 'psn-1', to: entra, fault: 'hang' };
const ofDouble: Fault = { fault: 'token-429' };

function makeFaults(nodes: string[] = ['ise-1', 'psn-1'], ...standing: Fault[]) {
  const faults = new Faults({ nodes, hosts: [exchange, entra] });
  for (const fault of standing) faults.add(fault);
  return faults;
}

it('every agent is to know what stands for it, and nothing else', () => {
  const faults = makeFaults(undefined, forAll, forPsn1, ofDouble);
  faults.isolate('psn-1');
  expect(faults.standingFor('ise-1')).toEqual({ faults: [forAll], isolated: false });
  expect(faults.standingFor('psn-1')).toEqual({ faults: [forAll, forPsn1], isolated: true });
  expect(faults.standingForMicrosoft365()).toEqual({ faults: [ofDouble], isolated: false });
  expect(faults.list()).toEqual([forAll, forPsn1, ofDouble, { fault: 'isolated', node: 'psn-1' }]);
});

it('a host has one name, however it is written', () => {
  const faults = makeFaults();
  faults.learnHost('Proxy.Contoso.Example');
  faults.add({ to: 'SMTP.Office365.com', fault: 'timeout' });
  faults.add({ to: 'proxy.contoso.example.', fault: 'hang' });
  expect(faults.list()).toEqual([forAll, { to: 'proxy.contoso.example', fault: 'hang' }]);
  faults.heal({ to: 'PROXY.contoso.example' });
  expect(faults.list()).toEqual([forAll]);
});

describe('heal', () => {
  it.each<{ healed: Healed; left: object[] }>([
    { healed: {}, left: [] },
    { healed: { node: 'psn-1' }, left: [{ ...forAll, node: 'ise-1' }, ofDouble] },
    { healed: { node: 'ise-1' }, left: [{ ...forAll, node: 'psn-1' }, forPsn1, ofDouble, { fault: 'isolated', node: 'psn-1' }] },
    { healed: { to: exchange }, left: [forPsn1, ofDouble, { fault: 'isolated', node: 'psn-1' }] },
    { healed: { to: entra }, left: [forAll, { fault: 'isolated', node: 'psn-1' }] },
    { healed: { node: 'ise-1', to: entra }, left: [forAll, forPsn1, ofDouble, { fault: 'isolated', node: 'psn-1' }] },
    { healed: { node: 'psn-1', to: entra }, left: [forAll, ofDouble, { fault: 'isolated', node: 'psn-1' }] },
  ])('of $healed leaves the rest', ({ healed, left }) => {
    const faults = makeFaults(undefined, forAll, forPsn1, ofDouble);
    faults.isolate('psn-1');
    faults.heal(healed);
    expect(faults.list()).toEqual(left);
  });

  it.each<Healed>([{ node: 'psn-9' }, { to: 'smtp.example.com' }])('of %j, which is not there, heals nothing', (healed) => {
    const faults = makeFaults(undefined, forAll);
    expect(() => { faults.heal(healed); }).toThrow(expect.objectContaining({ kind: 'wrong input' }) as Error);
    expect(faults.list()).toEqual([forAll]);
  });
});

describe('a node', () => {
  it('is cut off when it is isolated or has no NATS', () => {
    const faults = makeFaults(['ise-1', 'psn-1', 'psn-2'], { node: 'psn-2', to: 'nats', fault: 'timeout' });
    faults.isolate('psn-1');
    expect(['ise-1', 'psn-1', 'psn-2'].map((node) => [faults.cutOf(node), faults.hasNoNats(node)])).toEqual([[undefined, false], ['isolated', false], ['no NATS', true]]);
  });

  it.each<{ fault: Fault; cut: ReturnType<Faults['cutOf']> }>([
    { fault: { to: 'nats', fault: 'hang' }, cut: 'no NATS' },
    { fault: { to: 'nats', fault: 'untrusted' }, cut: 'untrusted' },
    { fault: { to: 'nats', fault: 'loss', rate: 1 }, cut: 'no NATS' },
    { fault: { to: 'nats', fault: 'loss', rate: 0.9 }, cut: undefined },
    { fault: { to: 'nats', fault: 'slow', delayMs: 1_000 }, cut: undefined },
    { fault: { to: exchange, fault: 'timeout' }, cut: undefined },
  ])('with $fault.fault on the way to $fault.to is cut off: $cut', ({ fault, cut }) => {
    expect(makeFaults(undefined, fault).cutOf('psn-1')).toBe(cut);
  });

  it('that is alone cannot be isolated', () => {
    expect(() => { makeFaults(['ise']).isolate('ise'); }).toThrow('ise is the only node');
  });
});
