import { map } from '../fields.ts';
import { mailFields, mailsThatFit, wantedText } from '../mail-wanted.ts';
import { expectation } from '../step.ts';

export const expectNoMail = expectation({
  does: 'expect that no mail was accepted that fits; with "within", none for that long either',
  fields: map(mailFields),
  lasting: true,
  check: async (stage, wanted) => {
    const mails = await mailsThatFit(stage, wanted);
    if (mails.length === 0) return { holds: true };
    const hints = mails.map(({ id, sentBy, remoteAddress, ehlo, to, acceptedAtSimulated }): [string, string] => [
      'mail',
      `${id} to ${to.join(', ')}, sent by ${sentBy ?? 'no node of ours'} (${remoteAddress}, EHLO ${ehlo}) at ${acceptedAtSimulated}`,
    ]);
    return { holds: false, expected: `no mail: ${wantedText(wanted)}`, found: String(mails.length), hints };
  },
});
