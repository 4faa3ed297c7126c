import { createHash } from 'node:crypto';
import type { Work, Mail } from '@isesim/domain';

/** The message as it is submitted (RFC 5322): the same mail always gives the same bytes. */
export function composeMessage(mail: Mail, work: Work): Promise<Buffer> {
  return work.outside('compose the message', async () => {
    const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
    return await new MailComposer(messageOptions(mail)).compile().build();
  });
}

/**
 * nodemailer turns line breaks in any header value into blanks and encodes what is not ASCII. Addresses go in as
 * addresses, not as text to be parsed, so that no comma or bracket in one makes two of it.
 */
function messageOptions(mail: Mail) {
  const spelling = new Map(Object.keys(mail.headers).map((name) => [name.toLowerCase(), name]));
  return {
    from: address(mail.from),
    to: mail.to.map(address),
    subject: mail.subject,
    date: new Date(mail.date),
    messageId: `<${mail.messageId}>`,
    text: mail.text,
    html: mail.html,
    headers: Object.entries(mail.headers).map(([key, value]) => ({ key, value })),
    normalizeHeaderKey: (key: string) => spelling.get(key.toLowerCase()) ?? key,
    baseBoundary: boundaryOf(mail),
    // The texts hold what guests typed: none of it names a file or URL to be read.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

function address(text: string): { address: string; name: string } {
  return { address: text, name: '' };
}

/** Derived, not random, so that the bytes are the same each time; from the bodies, too, so that no body can contain it. */
function boundaryOf({ messageId, text, html }: Mail): string {
  return createHash('sha256').update(JSON.stringify([messageId, text, html])).digest('hex').slice(0, 16);
}
