import { claimHeaders, type Mail, type Notification } from '@isesim/domain';
import { contentOf } from './templates/content-of.ts';
import { renderHtml } from './templates/render-html.ts';
import { renderText } from './templates/render-text.ts';
import { headerAddress, singleLine, subjectLine } from './templates/safe-text.ts';

/** Who sends a mail, as its headers say it. */
export interface Sender {
  /** The From address. */
  readonly from: string;
  readonly node: string;
  /** The deployment's domain, the right side of the Message-ID. */
  readonly domain: string;
}

/** The mail that tells a notification. The same notification and sender always give the same mail. */
export function composeMail(notification: Notification, sender: Sender): Mail {
  const { subject, blocks } = contentOf(notification.template, notification.data);
  return {
    messageId: singleLine(`${notification.id}@${sender.domain}`),
    from: headerAddress(sender.from),
    to: notification.to.map(headerAddress),
    subject: subjectLine(subject),
    text: renderText(blocks),
    html: renderHtml(blocks),
    headers: claimsOf(notification, sender),
    date: notification.at,
  };
}

function claimsOf({ purpose, template, traceId }: Notification, { node }: Sender): Mail['headers'] {
  return {
    [claimHeaders.node]: singleLine(node),
    [claimHeaders.purpose]: purpose,
    [claimHeaders.template]: template,
    [claimHeaders.trace]: singleLine(traceId),
  };
}
