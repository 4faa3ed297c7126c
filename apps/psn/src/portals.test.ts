import { Problem, seededRandom, type DutyHolders, type Guest, type Notification } from '@isesim/domain';
import type { IseNode } from '@isesim/node';
import { describe, expect, it } from 'vitest';
import { servePortals } from './portals.ts';

const start = Date.parse('2026-02-02T05:00:00Z');
const dayMs = 86_400_000;

/** A PSN whose primary PAN writes whatever it is asked to. `events` is what happened, in order. */
class TestPsn {
  readonly self = { name: 'psn-1' };
  readonly events: string[] = [];
  readonly told: Notification[] = [];
  readonly asked: { responder: string; form: Record<string, unknown> }[] = [];
  primary: DutyHolders = { 'primary PAN': 'ise-1' };
  guestEmail = true;
  refusal: Problem | undefined;
  readonly #answers = new Map<string, (form: object, asker: string) => Promise<{ guest: Guest; mailed?: boolean }>>();

  constructor() {
    servePortals(this as unknown as IseNode);
  }

  at(verb: 'create-guest' | 'self-register', form: object): Promise<{ guest: Guest; mailed?: boolean }> {
    const answer = this.#answers.get(verb);
    if (!answer) throw new RangeError(`nobody answers ${verb}`);
    return answer({ email: 'ana@guest.example', ...form }, 'operator');
  }

  // As its persona sees it

  readonly world = { clock: { now: () => start }, random: seededRandom(1, 'psn-1') };

  answer(verb: string, answer: (form: object, asker: string) => Promise<{ guest: Guest; mailed?: boolean }>): void {
    this.#answers.set(verb, answer);
  }

  holders(): DutyHolders {
    return this.primary;
  }

  page(name: string): object {
    if (name === 'guest-email') return { enabled: this.guestEmail };
    if (name === 'sponsors') return { sponsors: [{ name: 'sponsoruser' }, { name: 'reception' }] };
    return { portals: [{ name: 'self-registered', type: 'self-registration' }, { name: 'lobby', type: 'sponsor' }, { name: 'lounge', type: 'sponsor' }] };
  }

  ask(responder: string, verb: string, form: Record<string, unknown>): Promise<{ guest: Guest; mailed?: boolean }> {
    this.events.push(`asked ${responder} to ${verb}`);
    this.asked.push({ responder, form });
    if (this.refusal) return Promise.reject(this.refusal);
    const guest = { id: 'g1', username: 'ana', password: 'sesame', firstName: 'Ana', lastName: '', email: form['email'], validFrom: start, validTo: start + dayMs, ...form } as unknown as Guest;
    return Promise.resolve({ guest });
  }

  notify(notification: Notification): Promise<void> {
    this.events.push(`told ${notification.id}`);
    this.told.push(notification);
    return Promise.resolve();
  }
}

describe('a guest', () => {
  it.each([
    { verb: 'create-guest' as const, portal: 'lobby', sponsor: 'sponsoruser' },
    { verb: 'self-register' as const, portal: 'self-registered', sponsor: undefined },
  ])('of $portal ($verb) is written on the primary PAN, then gets the credentials from here', async ({ verb, portal, sponsor }) => {
    const psn = new TestPsn();
    const { guest, mailed } = await psn.at(verb, { portal, type: 'Contractor' });

    expect([guest.username, mailed]).toEqual(['ana', true]);
    expect(psn.events).toEqual(['asked ise-1 to write-guest', 'told guest-credentials-g1']);
    expect(psn.asked).toEqual([{ responder: 'ise-1', form: { email: 'ana@guest.example', portal, type: 'Contractor', sponsor, psn: 'psn-1' } }]);
    expect(psn.told).toMatchObject([
      { purpose: 'portal-notification', template: 'guest-credentials', to: ['ana@guest.example'], data: { username: 'ana', password: 'sesame' }, at: start },
    ]);
  });

  it('gets no mail while guest e-mail is disabled', async () => {
    const psn = new TestPsn();
    psn.guestEmail = false;
    const { guest, mailed } = await psn.at('create-guest', { portal: 'lobby' });

    expect([guest.username, mailed]).toEqual(['ana', false]);
    expect(psn.events).toEqual(['asked ise-1 to write-guest']);
  });

  it('is created in the name of the sponsor who was named', async () => {
    const psn = new TestPsn();
    await psn.at('create-guest', { portal: 'lounge', sponsor: 'reception' });

    expect(psn.asked[0]?.form).toMatchObject({ portal: 'lounge', sponsor: 'reception' });
  });

  it("is told in the sponsor's name, and one who registers in nobody's", async () => {
    const psn = new TestPsn();
    await psn.at('create-guest', { portal: 'lounge', sponsor: 'reception' });
    await psn.at('self-register', { portal: 'self-registered' });

    expect(psn.told.map(({ sponsor }) => sponsor)).toEqual(['reception', undefined]);
  });

  it('who registers has no sponsor, whatever the form says', async () => {
    const psn = new TestPsn();
    await psn.at('self-register', { portal: 'self-registered', sponsor: 'reception' });

    expect(psn.asked[0]?.form['sponsor']).toBeUndefined();
  });

  it('that the primary PAN refuses gets no mail', async () => {
    const psn = new TestPsn();
    psn.refusal = new Problem('wrong input', 'guest-type', 'there is no guest type "Visitor"', 'Use one of Contractor.');

    await expect(psn.at('create-guest', { portal: 'lobby', type: 'Visitor' })).rejects.toBe(psn.refusal);
    expect(psn.told).toEqual([]);
  });
});

describe('a portal refuses', () => {
  it.each<{ what: string; verb: 'create-guest' | 'self-register'; form: object; message: string; remedy: string }>([
    {
      what: 'a sponsor at a self-registration portal',
      verb: 'create-guest',
      form: { portal: 'self-registered' },
      message: 'portal "self-registered" is a self-registration portal',
      remedy: 'Use one of lobby, lounge.',
    },
    {
      what: 'a guest who registers at a sponsor portal',
      verb: 'self-register',
      form: { portal: 'lobby' },
      message: 'portal "lobby" is a sponsor portal',
      remedy: 'Use one of self-registered.',
    },
    {
      what: 'whoever names no portal that there is',
      verb: 'create-guest',
      form: { portal: 'loby' },
      message: 'there is no portal "loby"',
      remedy: 'Use one of lobby, lounge.',
    },
    {
      what: 'a sponsor whom nobody knows',
      verb: 'create-guest',
      form: { portal: 'lobby', sponsor: 'recption' },
      message: 'there is no sponsor "recption"',
      remedy: 'Use one of sponsoruser, reception.',
    },
  ])('$what, and nothing is written or sent', async ({ verb, form, message, remedy }) => {
    const psn = new TestPsn();

    await expect(psn.at(verb, form)).rejects.toMatchObject({ name: 'Problem', kind: 'wrong input', message, remedy });
    expect(psn.events).toEqual([]);
  });

  it('everybody while there is no primary PAN', async () => {
    const psn = new TestPsn();
    psn.primary = {};

    await expect(psn.at('create-guest', { portal: 'lobby' })).rejects.toMatchObject({ kind: 'refused', code: 'no-primary-pan' });
    expect(psn.events).toEqual([]);
  });
});
