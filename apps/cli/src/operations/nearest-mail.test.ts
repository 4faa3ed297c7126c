import { expect, test } from 'vitest';
import { missedMail } from '../missed-mail.ts';
import { nearestMail } from './nearest-mail.ts';
import { testRecord } from './test-supervised.ts';

test('the nearest mail is the one that differs in the fewest fields', () => {
  const mails = [testRecord({ id: 'a', to: ['x@y.example'], sentBy: 'psn-1' }), testRecord({ id: 'b', sentBy: 'psn-1' }), testRecord({ id: 'c', from: 'x@y.example', to: ['z@y.example'] })];
  expect(nearestMail(mails, { purpose: 'alarm', sentBy: 'ise-1', to: 'admin@contoso.example', from: 'no-reply@contoso.example' })?.nearest.id).toBe('b');
});

test('among equals a mail of the purpose comes first, then the latest', () => {
  const mails = [testRecord({ id: 'a', to: ['x@y.example'] }), testRecord({ id: 'b', to: ['x@y.example'] }), testRecord({ id: 'c', purpose: 'portal-test' })];
  expect(nearestMail(mails, { purpose: 'alarm', to: 'admin@contoso.example' })?.nearest.id).toBe('b');
});

test('without any mail there is no nearest', () => {
  expect(nearestMail([], { purpose: 'alarm' })).toBeUndefined();
});

test('a miss says what was wanted and in what the nearest differs', () => {
  const wanted = { purpose: 'alarm', sentBy: 'ise-2', to: 'ana@guest.example' };
  const problem = missedMail(wanted, '30s', nearestMail([testRecord()], wanted));
  expect(problem.kind).toBe('refused');
  expect(problem.message).toBe('no mail with purpose alarm, sent by ise-2, to ana@guest.example was accepted within 30s');
  expect(problem.remedy.split('\n')).toEqual([
    'The nearest is 0123456789ab (alarm, sent by ise-1, to admin@contoso.example):',
    '- sent by is ise-1, not ise-2',
    '- to is admin@contoso.example, not ana@guest.example',
  ]);
});

test('a miss without any mail says so', () => {
  expect(missedMail({}, '1s', undefined).remedy).toContain('No mail was accepted at all');
});
