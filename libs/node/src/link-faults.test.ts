import { AgentClock } from '@isesim/clock';
import { NetworkError, seededRandom, type LinkFault } from '@isesim/domain';
import { describe, expect, it } from 'vitest';
import { LinkFaults, retransmissionMs } from './link-faults.ts';

const to = 'smtp.office365.com';

/** A node's faults on a clock that the test moves. */
function makeFaults(...standing: LinkFault[]) {
  const clock = new AgentClock({ agent: 'psn-1#1', start: 0, push: () => undefined, onDefect: () => undefined });
  const faults = new LinkFaults({ clock, random: seededRandom(1, 'psn-1') });
  faults.stand(standing);
  let grants = 0;
  const advance = async (time: number) => {
    clock.obey({ number: (grants += 1), time, go: true });
    await settled();
  };
  /** How a wait ends: `waits` until then. */
  const watch = async (run: () => Promise<void>) => {
    const end = { how: 'waits' };
    void clock.start('connect', run).then(
      () => { end.how = 'through'; },
      (error: unknown) => { end.how = error instanceof NetworkError ? error.code : String(error); },
    );
    await settled();
    return end;
  };
  return { faults, advance, watch, connect: () => watch(() => faults.connecting(to, 587, 60_000)), send: () => watch(() => faults.sending(to, 60_000)) };
}

function settled(): Promise<void> {
  return new Promise((resolve) => { setImmediate(resolve); });
}

describe('connecting', () => {
  it.each<{ fault: LinkFault; code: string }>([
    { fault: { to, fault: 'timeout' }, code: 'ETIMEDOUT' },
    { fault: { to, fault: 'wrong-dns', address: '192.0.2.1' }, code: 'ETIMEDOUT' },
    { fault: { to, fault: 'loss', rate: 1 }, code: 'ETIMEDOUT' },
    { fault: { to, fault: 'slow', delayMs: 61_000 }, code: 'ETIMEDOUT' },
  ])('with $fault.fault waits for the configured timeout, then fails with $code', async ({ fault, code }) => {
    const { connect, advance } = makeFaults(fault);
    const end = await connect();
    await advance(59_999);
    expect(end.how).toBe('waits');
    await advance(60_000);
    expect(end.how).toBe(code);
  });

  it.each<{ fault: LinkFault; code: string }>([
    { fault: { to, fault: 'reset', after: 'connect' }, code: 'ECONNRESET' },
    { fault: { to, fault: 'wrong-dns' }, code: 'ENOTFOUND' },
    { fault: { to, fault: 'wrong-dns', address: '127.0.0.1' }, code: 'ECONNREFUSED' },
  ])('with $fault.fault fails at once with $code', async ({ fault, code }) => {
    expect((await makeFaults(fault).connect()).how).toBe(code);
  });

  it.each<{ fault: LinkFault }>([
    { fault: { to: 'login.microsoftonline.com', fault: 'timeout' } },
    { fault: { to, fault: 'reset', after: 'data' } },
    { fault: { to, fault: 'hang' } },
    { fault: { to, fault: 'untrusted' } },
  ])('is not hindered by $fault.fault to $fault.to', async ({ fault }) => {
    expect((await makeFaults(fault).connect()).how).toBe('through');
  });

  it('over a slow way succeeds after the delay', async () => {
    const { connect, advance } = makeFaults({ to, fault: 'slow', delayMs: 3_000 });
    const end = await connect();
    await advance(2_999);
    expect(end.how).toBe('waits');
    await advance(3_000);
    expect(end.how).toBe('through');
  });

  it('goes on as soon as the fault is over, and waits on when another one changes', async () => {
    const blocked: LinkFault = { to, fault: 'timeout' };
    const { connect, faults } = makeFaults(blocked);
    const end = await connect();
    faults.stand([blocked, { to: 'login.microsoftonline.com', fault: 'hang' }]);
    await settled();
    expect(end.how).toBe('waits');
    faults.stand([]);
    await settled();
    expect(end.how).toBe('through');
  });
});

describe('sending', () => {
  it('hangs until the caller gives up', async () => {
    const { send, advance } = makeFaults({ to, fault: 'hang' });
    const end = await send();
    await advance(59_999);
    expect(end.how).toBe('waits');
    await advance(60_000);
    expect(end.how).toBe('ETIMEDOUT');
  });

  it('takes as much longer as the way is slow', async () => {
    const { send, advance } = makeFaults({ to, fault: 'slow', delayMs: 3_000 });
    const end = await send();
    await advance(3_000);
    expect(end.how).toBe('through');
  });
});

describe('what is lost', () => {
  it.each([
    { draws: [0.9], ms: 0 },
    { draws: [0.4, 0.9], ms: 1_000 },
    { draws: [0.4, 0.4, 0.4, 0.9], ms: 7_000 },
    { draws: [0, 0, 0, 0, 0, 0, 0, 0, 0], ms: 63_000 },
  ])('is sent again after 1 s, 2 s, 4 s …: with draws $draws of a half it takes $ms ms', ({ draws, ms }) => {
    expect(retransmissionMs(0.5, (attempt) => draws[attempt] ?? 1, 60_000)).toBe(ms);
  });

  it('is the same for the same seed', async () => {
    const ends = async () => {
      const { connect, advance } = makeFaults({ to, fault: 'loss', rate: 0.5 });
      const waits: string[] = [];
      for (let time = 1_000; time <= 20_000; time += 1_000) {
        waits.push((await connect()).how);
        await advance(time);
      }
      return waits;
    };
    const first = await ends();
    expect(first).toContain('waits');
    expect(first).toContain('through');
    expect(await ends()).toEqual(first);
  });
});

it('only the hosts to which a fault begins are named', () => {
  const { faults } = makeFaults({ to, fault: 'timeout' });
  expect(faults.stand([{ to, fault: 'timeout' }])).toEqual([]);
  expect(faults.stand([{ to, fault: 'timeout' }, { to, fault: 'hang' }])).toEqual([to]);
  expect(faults.stand([{ to, fault: 'hang' }, { to: 'login.microsoftonline.com', fault: 'reset', after: 'connect' }])).toEqual(['login.microsoftonline.com']);
});
