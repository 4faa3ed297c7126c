import { missHints } from '../explain-miss.ts';
import { map, number } from '../fields.ts';
import { mailFields, mailsThatFit, wantedText } from '../mail-wanted.ts';
import { bareField, expectation } from '../step.ts';

export const expectMail = expectation({
  does: 'expect mail that was accepted; every field that is given must fit',
  fields: map({ ...mailFields, count: number(0, 1_000_000).optional().describe('Exactly so many. Default: at least one') }),
  bare: bareField('purpose') as never,
  check: async (stage, { count, ...wanted }) => {
    const mails = await mailsThatFit(stage, wanted);
    if (count === undefined ? mails.length > 0 : mails.length === count) return { holds: true };
    return {
      holds: false,
      expected: `${count === undefined ? 'at least one mail' : `exactly ${count}`}: ${wantedText(wanted)}`,
      found: mails.length === 0 ? 'none' : `${mails.length}: ${mails.map(({ id, sentBy, to }) => `${id} sent by ${sentBy ?? 'no node of ours'} to ${to.join(', ')}`).join('; ')}`,
      hints: await missHints(stage, wanted, mails),
    };
  },
});
