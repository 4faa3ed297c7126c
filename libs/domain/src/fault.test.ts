import { describe, expect, it } from 'vitest';
import { faultSchema, parseFault, type Fault } from './fault.ts';

const to = 'smtp.office365.com';

describe('a fault as a person writes it', () => {
  it.each<{ written: object; fault: Fault }>([
    { written: { node: 'psn-1', to, fault: 'timeout' }, fault: { node: 'psn-1', to, fault: 'timeout' } },
    { written: { to, fault: 'slow' }, fault: { to, fault: 'slow', delayMs: 10_000 } },
    { written: { to, fault: 'slow', delay: '3s' }, fault: { to, fault: 'slow', delayMs: 3_000 } },
    { written: { to, fault: 'loss' }, fault: { to, fault: 'loss', rate: 0.1 } },
    { written: { to, fault: 'loss', rate: '0.25' }, fault: { to, fault: 'loss', rate: 0.25 } },
    { written: { to, fault: 'reset' }, fault: { to, fault: 'reset', after: 'connect' } },
    { written: { to, fault: 'reset', after: 'data' }, fault: { to, fault: 'reset', after: 'data' } },
    { written: { to, fault: 'wrong-dns', address: '192.0.2.1' }, fault: { to, fault: 'wrong-dns', address: '192.0.2.1' } },
    { written: { fault: 'token-429', retryAfter: '30s', count: 2 }, fault: { fault: 'token-429', retryAfterMs: 30_000, count: 2 } },
    { written: { fault: 'exchange-451', stage: 'mail' }, fault: { fault: 'exchange-451', stage: 'mail' } },
  ])('$written is $fault', ({ written, fault }) => {
    expect(parseFault(written)).toEqual(fault);
    expect(faultSchema.parse(JSON.parse(JSON.stringify(fault)))).toEqual(fault);
  });

  it.each<{ written: unknown; message: RegExp }>([
    { written: { to, fault: 'broken' }, message: /^fault: write one of timeout, slow, / },
    { written: { fault: 'timeout' }, message: /^timeout needs "to"$/ },
    { written: { to, fault: 'slow', delay: 'soon' }, message: /^delay: is not a duration/ },
    { written: { to, fault: 'loss', rate: 2 }, message: /^rate: write a number above 0, at most 1$/ },
    { written: { to, fault: 'loss', rate: 0 }, message: /^rate: write a number above 0, at most 1$/ },
    { written: { to, fault: 'loss', rate: 'much' }, message: /^rate: write a number above 0, at most 1$/ },
    { written: { to, fault: 'slow', delay: '0s' }, message: /^delay: write a duration above 0s/ },
    { written: { to, fault: 'slow', delay: 3 }, message: /^delay: is not a duration/ },
    { written: { fault: 'token-429', count: 0.5 }, message: /^count: write a whole number from 1$/ },
    { written: { fault: 'token-429', delay: '1s' }, message: /^token-429 takes no "delay"$/ },
    { written: {}, message: /^a fault needs "fault"$/ },
    { written: null, message: /^a fault is a map of its fields$/ },
    { written: { to, fault: 'timeout', rate: 0.5 }, message: /^timeout takes no "rate"$/ },
    { written: { to, fault: 'wrong-dns', address: 'elsewhere' }, message: /^address: write an IPv4 address/ },
    { written: { to, fault: 'token-429' }, message: /^token-429 takes no "to"$/ },
    { written: { fault: 'token-429', stage: 'auth' }, message: /^stage: only Exchange Online has stages$/ },
    { written: { fault: 'exchange-421', retryAfter: '1s' }, message: /^retryAfter: only Entra ID says when to come again$/ },
  ])('$written is wrong, and the message names the field', ({ written, message }) => {
    expect(() => parseFault(written)).toThrow(expect.objectContaining({ name: 'Problem', kind: 'wrong input', message: expect.stringMatching(message) as string }) as Error);
  });
});
