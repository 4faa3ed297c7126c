import { expect, test } from 'vitest';
import { sendPortalTestMail } from './portal-test.ts';
import { TestNode } from './test-node.ts';

const start = Date.parse('2026-02-02T05:00:00Z');

function makePan(incarnation?: string) {
  const pan = new TestNode(start, incarnation);
  sendPortalTestMail(pan.node);
  return pan;
}

test('a test mail goes to the address that was typed in, as a fact of its own each time', async () => {
  const pan = makePan();
  const answers = [await pan.ask('send-test-mail', { portal: 'sponsor', to: 'tester@contoso.example' }), await pan.ask('send-test-mail', { portal: 'sponsor', to: 'tester@contoso.example' })];

  expect(pan.notified).toMatchObject([
    { purpose: 'portal-test', template: 'portal-test', to: ['tester@contoso.example'], data: { portal: 'sponsor' }, at: start },
    { purpose: 'portal-test', template: 'portal-test', to: ['tester@contoso.example'] },
  ]);
  expect(answers).toEqual(pan.notified.map(({ id }) => ({ notificationId: id })));
  expect(new Set(pan.notified.map(({ id }) => id)).size).toBe(2);
});

test('a test mail of the next incarnation is another one, at the same moment too', async () => {
  const pans = [makePan('ise-1#1'), makePan('ise-1#2')];
  for (const pan of pans) await pan.ask('send-test-mail', { portal: 'sponsor', to: 'tester@contoso.example' });

  expect(new Set(pans.flatMap(({ notified }) => notified.map(({ id }) => id))).size).toBe(2);
});

test('a portal that there is not is refused, with those that there are', async () => {
  const pan = makePan();

  await expect(pan.ask('send-test-mail', { portal: 'sponsors', to: 'tester@contoso.example' })).rejects.toMatchObject({
    kind: 'wrong input',
    message: 'there is no portal "sponsors"',
    remedy: 'Use one of self-registered, sponsor.',
  });
  expect(pan.notified).toEqual([]);
});
