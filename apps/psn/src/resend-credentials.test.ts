import { seededRandom, type Guest, type Notification } from '@isesim/domain';
import type { IseNode } from '@isesim/node';
import { describe, expect, it } from 'vitest';
import { answerResendCredentials } from './resend-credentials.ts';

const start = Date.parse('2026-02-02T05:00:00Z');
const dayMs = 86_400_000;
const ana: Guest = {
  id: 'g1', username: 'ana4702', password: 'sesame', firstName: 'Ana', lastName: '', email: 'ana@guest.example', type: 'Contractor', portal: 'sponsor',
  sponsor: 'reception', state: 'Created', createdAt: start, validFrom: start, validTo: start + dayMs,
};

/** A PSN in a deployment that has these accounts. */
class TestPsn {
  readonly told: Notification[] = [];
  guestEmail = true;
  sponsors = [{ name: 'sponsoruser', email: 'sponsor@contoso.example' }, { name: 'reception', email: 'reception@contoso.example' }];
  now = start;
  incarnation = 'psn-1#1';
  readonly #guests: readonly Guest[];
  #answer: ((asked: object) => Promise<{ guest: Guest; to: string[] }>) | undefined;

  constructor(...guests: Guest[]) {
    this.#guests = guests;
    answerResendCredentials(this as unknown as IseNode);
  }

  resend(asked: object): Promise<{ guest: Guest; to: string[] }> {
    if (!this.#answer) throw new RangeError('nobody answers');
    return this.#answer({ guest: 'ana4702', copyMe: false, summary: false, ...asked });
  }

  // As its persona sees it

  readonly world = { clock: { now: () => this.now }, random: seededRandom(1, 'psn-1') };

  answer(_verb: string, answer: (asked: object) => Promise<{ guest: Guest; to: string[] }>): void {
    this.#answer = answer;
  }

  page(name: string): object {
    return name === 'guest-email' ? { enabled: this.guestEmail } : { sponsors: this.sponsors };
  }

  guest(id: string): Promise<Guest | undefined> {
    return Promise.resolve(this.#guests.find((each) => each.id === id));
  }

  async *accounts() {
    yield await Promise.resolve({ kind: 'internal-user', user: { name: 'ana4702' } });
    for (const guest of this.#guests) yield { kind: 'guest', guest };
  }

  notify(notification: Notification): Promise<void> {
    this.told.push(notification);
    return Promise.resolve();
  }
}

describe('credentials that a sponsor sends again', () => {
  it('leave from the PSN that serves the portal, to the guest alone unless the sponsor wants more', async () => {
    const psn = new TestPsn(ana);
    const { guest, to } = await psn.resend({});

    expect([guest, to]).toEqual([ana, ['ana@guest.example']]);
    expect(psn.told).toMatchObject([
      { purpose: 'portal-notification', template: 'guest-credentials-resent', to: ['ana@guest.example'], sponsor: 'reception', data: { username: 'ana4702', password: 'sesame' }, at: start },
    ]);
  });

  it('go to the sponsor as a copy, and as a summary that has no password', async () => {
    const psn = new TestPsn(ana);
    await psn.resend({ copyMe: true, summary: true });

    expect(psn.told.map(({ template, to, data }) => [template, to[0], data['password']])).toEqual([
      ['guest-credentials-resent', 'ana@guest.example', 'sesame'],
      ['sponsor-copy', 'reception@contoso.example', 'sesame'],
      ['sponsor-summary', 'reception@contoso.example', undefined],
    ]);
  });

  it("go to the sponsor's address in the dialog, whatever the account of the sponsor says", async () => {
    const psn = new TestPsn(ana);

    expect((await psn.resend({ copyMe: true, sponsorEmail: 'desk@contoso.example' })).to).toEqual(['ana@guest.example', 'desk@contoso.example']);
  });

  it('of a guest who registered, or whose sponsor is there no more, name the first sponsor', async () => {
    const { sponsor: _nobody, ...registered } = ana;
    for (const guest of [registered, { ...ana, sponsor: 'former' }]) {
      expect((await new TestPsn(guest).resend({ summary: true })).to).toEqual(['ana@guest.example', 'sponsor@contoso.example']);
    }
  });

  it('twice at one moment are two mails', async () => {
    const psn = new TestPsn(ana);
    await psn.resend({});
    await psn.resend({});

    expect(new Set(psn.told.map(({ id }) => id)).size).toBe(2);
    for (const { id } of psn.told) expect(id).toMatch(/^[A-Za-z0-9_-]{1,180}$/);
  });

  it('by the next incarnation are mails of their own, at the same moment too', async () => {
    const [psn, next] = [new TestPsn(ana), new TestPsn(ana)];
    next.incarnation = 'psn-1#2';
    for (const each of [psn, next]) await each.resend({ copyMe: true });

    expect(new Set([...psn.told, ...next.told].map(({ id }) => id)).size).toBe(4);
  });

  it('are said to go to each address once', async () => {
    expect((await new TestPsn(ana).resend({ copyMe: true, summary: true })).to).toEqual(['ana@guest.example', 'reception@contoso.example']);
  });

  it.each(['ana4702', 'g1', 'ana@guest.example', 'Ana@Guest.example'])('are those of the guest called %s', async (called) => {
    const other = { ...ana, id: 'g2', username: 'ben1', email: 'ben@guest.example' };

    expect((await new TestPsn(other, ana).resend({ guest: called })).guest).toEqual(ana);
  });
});

describe('nothing is sent again', () => {
  const twin = { ...ana, id: 'g2', username: 'ana1111' };

  it.each<{ what: string; guests: Guest[]; asked?: object; problem: object }>([
    { what: 'for a guest that there is not', guests: [ana], asked: { guest: 'anna' }, problem: { kind: 'wrong input', message: 'there is no guest "anna"' } },
    {
      what: 'for an address that two guests have',
      guests: [ana, twin],
      asked: { guest: 'ana@guest.example' },
      problem: { kind: 'wrong input', message: '2 guests have the address ana@guest.example', remedy: 'Write the user name: ana4702, ana1111.' },
    },
    { what: 'to a guest whose access has ended', guests: [{ ...ana, validTo: start }], problem: { kind: 'refused', message: 'the account of ana4702 is Expired' } },
    ...(['Pending Approval', 'Suspended', 'Expired', 'Denied'] as const).map((state) => ({
      what: `to a guest who is ${state}`,
      guests: [{ ...ana, state }],
      problem: { kind: 'refused', code: 'guest-state', message: `the account of ana4702 is ${state}` },
    })),
  ])('$what', async ({ guests, asked = {}, problem }) => {
    const psn = new TestPsn(...guests);

    await expect(psn.resend({ copyMe: true, ...asked })).rejects.toMatchObject(problem);
    expect(psn.told).toEqual([]);
  });

  it('while email notifications to guests are off', async () => {
    const psn = new TestPsn(ana);
    psn.guestEmail = false;

    await expect(psn.resend({})).rejects.toMatchObject({ kind: 'refused', code: 'guest-email' });
    expect(psn.told).toEqual([]);
  });

  it('to a sponsor that there is not', async () => {
    const psn = new TestPsn(ana);
    psn.sponsors = [];

    await expect(psn.resend({ copyMe: true })).rejects.toMatchObject({ kind: 'wrong input', message: 'there is no sponsor' });
    expect(psn.told).toEqual([]);
    expect((await psn.resend({})).to).toEqual(['ana@guest.example']);
  });
});
