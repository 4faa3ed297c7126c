import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bootDeployment } from './boot-deployment.ts';
import type { TestDeployment } from './test-deployment.ts';
import './vitest.ts';

const topology = `name: matchers
nodes:
  - { name: ise-1, pan: primary, mnt: primary }
  - { name: psn, psn: true, count: 2 }
`;

let deployment: TestDeployment;
beforeAll(async () => {
  deployment = await bootDeployment(topology);
  await deployment.createGuest({ node: 'psn-2', email: 'ana@guest.example' });
  await deployment.raiseAlarm('High CPU');
}, 30_000);
afterAll(() => deployment.stop());

/** What a matcher says when it does not pass. */
async function complaint(matched: () => void | Promise<void>): Promise<string> {
  try {
    await matched();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it passed');
}

describe('toHaveBeenSentBy', () => {
  it('passes for the node that sent it', async () => {
    expect(await deployment.mails({ purpose: 'alarm' })).toHaveBeenSentBy('ise-1');
    const [mail] = await deployment.mails({ to: 'ana@guest.example' });
    expect(mail).toHaveBeenSentBy('psn-2');
    expect(mail).not.toHaveBeenSentBy('psn-1');
  });

  it('shows the evidence when it was another', async () => {
    const mails = await deployment.mails({ to: 'ana@guest.example' });
    expect(await complaint(() => { expect(mails).toHaveBeenSentBy('psn-1'); })).toMatch(/^not all mail was sent by psn-1:\n\w+ \(portal-notification to ana@guest\.example\) was sent by psn-2: 127\.[\d.]+, EHLO psn-2\.ise\.example$/);
  });

  it('does not pass for no mail at all', async () => {
    expect(await complaint(() => { expect([]).toHaveBeenSentBy('psn-1'); })).toBe('no mail was given, so none was sent by psn-1');
  });
});

describe('toHaveSent', () => {
  it('passes for mail that fits, and for the number of it', async () => {
    await expect(deployment).toHaveSent({ purpose: 'alarm', sentBy: 'ise-1', count: 1 });
    await expect(deployment).not.toHaveSent({ purpose: 'guest-expiry' });
  });

  it('names the nearest mail and in what it differs', async () => {
    expect(await complaint(() => expect(deployment).toHaveSent({ purpose: 'alarm', sentBy: 'psn-1' }))).toMatch(/^0 mails fit "purpose alarm, sent by psn-1", at least one was expected\nnearest {2}.*: sent by is ise-1, not psn-1\nsender {3}psn-1: no duty, Connected/);
  });

  it('says what the outbox of a node has of it', async () => {
    await deployment.fault({ node: 'psn-1', to: 'smtp.office365.com', fault: 'untrusted' });
    await deployment.createGuest({ node: 'psn-1', email: 'owed@guest.example' });
    expect(await complaint(() => expect(deployment).toHaveSent({ to: 'owed@guest.example' }))).toMatch(/\noutbox {3}psn-1 owes guest-credentials to owed@guest\.example: 1 attempt so far, the last deferred at tls at /);
    await deployment.heal();
  });
});

describe('toHaveSentOnly', () => {
  it('passes when nothing else was sent', async () => {
    await expect(deployment).toHaveSentOnly([{ purpose: 'alarm' }, { to: 'ana@guest.example', sentBy: 'psn-2' }]);
  });

  it('passes whatever the order of what is wanted: no vague wish takes what only another fits', async () => {
    await expect(deployment).toHaveSentOnly([{ from: 'no-reply@contoso.onmicrosoft.com' }, { purpose: 'alarm' }]);
    await expect(deployment).toHaveSentOnly([{ purpose: 'alarm' }, { from: 'no-reply@contoso.onmicrosoft.com' }]);
  });

  it('counts: two wishes are not met by one mail', async () => {
    await expect(deployment).not.toHaveSentOnly([{ purpose: 'alarm' }, { purpose: 'alarm' }]);
  });

  it('names what is missing and what is there besides', async () => {
    const said = await complaint(() => expect(deployment).toHaveSentOnly([{ purpose: 'alarm' }, { to: 'ben@guest.example' }]));
    expect(said).toContain('missing: to ben@guest.example');
    expect(said).toMatch(/besides: \w+ \(portal-notification to ana@guest\.example\) was sent by psn-2/);
  });
});

it('toMatchNodeTable judges every mail', async () => {
  await expect(deployment).toMatchNodeTable();
  expect(await complaint(() => expect(deployment).not.toMatchNodeTable())).toBe('2 mails judged by the node table: no finding');
});

it('a step with a wrong field names the field', async () => {
  await expect(deployment.createGuest({ email: 'x@guest.example', validFor: 'long' })).rejects.toMatchObject({ kind: 'wrong input', message: 'createGuest: validFor is "long"; write a duration, as 90s, 15m or 3d' });
});

it('an expectation that does not hold says what was found', async () => {
  await expect(deployment.expectMail({ purpose: 'alarm', count: 2 })).rejects.toThrow(/^expectMail does not hold\n {2}expected: exactly 2: purpose alarm\n {2}found: 1: /);
  await deployment.expectMail({ purpose: 'alarm', sentBy: 'ise-1' });
});
