import { map, number } from '../fields.ts';
import { mailFields, mailsThatFit, nearestMail, nearestText, wantedText } from '../mail-wanted.ts';
import { senderState } from '../sender-state.ts';
import { bareField, expectation } from '../step.ts';

export const expectMail = expectation({
  does: 'expect mail that was accepted; every field that is given must fit',
  fields: map({ ...mailFields, count: number(0, 1_000_000).optional().describe('Exactly so many. Default: at least one') }),
  bare: bareField('purpose') as never,
  check: async (stage, { count, ...wanted }) => {
    const mails = await mailsThatFit(stage, wanted);
    if (count === undefined ? mails.length > 0 : mails.length === count) return { holds: true };
    const nearest = mails.length === 0 ? await nearestMail(stage, wanted) : undefined;
    const sender = await senderState(stage, wanted);
    return {
      holds: false,
      expected: `${count === undefined ? 'at least one mail' : `exactly ${count}`}: ${wantedText(wanted)}`,
      found: mails.length === 0 ? 'none' : `${mails.length}: ${mails.map(({ id, sentBy, to }) => `${id} sent by ${sentBy ?? 'no node of ours'} to ${to.join(', ')}`).join('; ')}`,
      hints: [
        ['nearest', nearest ? nearestText(nearest) : mails.length === 0 ? 'no mail was accepted at all' : ''],
        ['sender', sender ?? ''],
      ].filter(([, text]) => text !== '') as [string, string][],
    };
  },
});
