import { Problem, seededRandom, type DutyHolders, type Guest, type Notification } from '@isesim/domain';
import type { IseNode } from '@isesim/node';
import { describe, expect, it } from 'vitest';
import { answerResetGuestPassword } from './reset-guest-password.ts';

const start = Date.parse('2026-02-02T05:00:00Z');
const ana: Guest = {
  id: 'g1', username: 'ana4702', password: 'sesame', firstName: 'Ana', lastName: '', email: 'ana@guest.example', type: 'Contractor', portal: 'sponsor',
  sponsor: 'reception', state: 'Created', createdAt: start, validFrom: start, validTo: start + 86_400_000,
};

/** A PSN whose primary PAN gives the guest another password. */
class TestPsn {
  readonly events: string[] = [];
  readonly told: Notification[] = [];
  primary: DutyHolders = { 'primary PAN': 'ise-1' };
  killed = false;
  guestEmail = true;
  readonly #guest: Guest;
  #answer: ((asked: object) => Promise<{ guest: Guest }>) | undefined;

  constructor(guest: Guest = ana) {
    this.#guest = guest;
    answerResetGuestPassword(this as unknown as IseNode);
  }

  reset(): Promise<{ guest: Guest }> {
    if (!this.#answer) throw new RangeError('nobody answers');
    return this.#answer({ guest: 'ana4702' });
  }

  // As its persona sees it

  readonly world = { clock: { now: () => start }, random: seededRandom(1, 'psn-1') };

  answer(_verb: string, answer: (asked: object) => Promise<{ guest: Guest }>): void {
    this.#answer = answer;
  }

  holders(): DutyHolders {
    return this.primary;
  }

  page(): object {
    return { enabled: this.guestEmail };
  }

  guest(id: string): Promise<Guest | undefined> {
    return Promise.resolve(this.#guest.id === id ? this.#guest : undefined);
  }

  async *accounts() {
    yield await Promise.resolve({ kind: 'guest', guest: this.#guest });
  }

  ask(responder: string, verb: string, { id }: { id: string }): Promise<{ guest: Guest }> {
    this.events.push(`asked ${responder} to ${verb} of ${id}`);
    if (this.killed) return new Promise(() => undefined);
    return Promise.resolve({ guest: { ...this.#guest, password: `other${this.events.length}` } });
  }

  notify(notification: Notification): Promise<void> {
    this.events.push('told');
    this.told.push(notification);
    return Promise.resolve();
  }
}

describe("a guest's new password", () => {
  it('is written on the primary PAN, then mailed from the PSN that serves the portal', async () => {
    const psn = new TestPsn();
    const { guest } = await psn.reset();

    expect(guest.password).toBe('other1');
    expect(psn.events).toEqual(['asked ise-1 to write-guest-password of g1', 'told']);
    expect(psn.told).toMatchObject([
      { purpose: 'portal-notification', template: 'password-reset', to: ['ana@guest.example'], sponsor: 'reception', data: { username: 'ana4702', password: 'other1' }, at: start },
    ]);
  });

  it('is mailed once for each that there was', async () => {
    const psn = new TestPsn();
    await psn.reset();
    await psn.reset();

    expect(new Set(psn.told.map(({ id }) => id)).size).toBe(2);
  });

  it('that a PSN did not live to mail is known to nobody, and the next one is mailed', async () => {
    const psn = new TestPsn();
    psn.killed = true;
    void psn.reset();
    while (psn.events.length === 0) await Promise.resolve();
    psn.killed = false;
    await psn.reset();

    expect(psn.events).toEqual(['asked ise-1 to write-guest-password of g1', 'asked ise-1 to write-guest-password of g1', 'told']);
    expect(psn.told.map(({ data }) => data['password'])).toEqual(['other2']);
  });

  it('is not mailed while email notifications to guests are off', async () => {
    const psn = new TestPsn();
    psn.guestEmail = false;
    await psn.reset();

    expect(psn.events).toEqual(['asked ise-1 to write-guest-password of g1']);
  });

  it.each([{ state: 'Suspended' as const }, { state: 'Denied' as const }, { validTo: start }])('is refused to a guest with %o, and nothing is written', async (change) => {
    const psn = new TestPsn({ ...ana, ...change });

    await expect(psn.reset()).rejects.toMatchObject({ kind: 'refused', code: 'guest-state' } satisfies Partial<Problem>);
    expect(psn.events).toEqual([]);
  });

  it('is refused while there is no primary PAN', async () => {
    const psn = new TestPsn();
    psn.primary = {};

    await expect(psn.reset()).rejects.toMatchObject({ kind: 'refused', code: 'no-primary-pan' } satisfies Partial<Problem>);
    expect(psn.events).toEqual([]);
  });
});
