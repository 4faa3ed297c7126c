import { isUtf8 } from 'node:buffer';
import { claimHeaders } from '@isesim/domain';
import PostalMime, { addressParser, type Header } from 'postal-mime';

/** What Exchange reads of a message; the message itself stays as it came. */
export interface MessageHead {
  /** Without angle brackets; undefined when there is none that could be used. */
  readonly messageId: string | undefined;
  /** Every address of every From header. */
  readonly from: readonly string[];
  readonly subject: string;
  readonly claims: Readonly<Record<keyof typeof claimHeaders, string | null>>;
}

/** Undefined when the headers cannot be read. */
export async function readHead(message: Buffer): Promise<MessageHead | undefined> {
  const email = await PostalMime.parse(headOf(message)).catch(() => undefined);
  if (!email) return undefined;
  const { headers, subject = '' } = email;
  return {
    messageId: usableMessageId(firstValue(headers, 'Message-ID')),
    from: headers.filter(({ key }) => key === 'from').flatMap(({ value }) => addressesOf(value)),
    subject,
    claims: {
      node: firstValue(headers, claimHeaders.node),
      purpose: firstValue(headers, claimHeaders.purpose),
      template: firstValue(headers, claimHeaders.template),
      trace: firstValue(headers, claimHeaders.trace),
    },
  };
}

/** The message as text, byte for byte; one that is no UTF-8 keeps its bytes as one character each. */
export function sourceText(message: Buffer): string {
  return message.toString(isUtf8(message) ? 'utf8' : 'latin1');
}

/** The body is of no interest, and may be large. */
function headOf(message: Buffer): Buffer {
  const end = message.indexOf('\r\n\r\n');
  return end === -1 ? message : message.subarray(0, end + 4);
}

function addressesOf(value: string): string[] {
  return addressParser(value, { flatten: true }).map(({ address = '' }) => address);
}

function firstValue(headers: readonly Header[], name: string): string | null {
  return headers.find(({ key }) => key === name.toLowerCase())?.value.trim() ?? null;
}

/** RFC 5322 limits a line to 998 characters, so a longer one is no Message-ID. */
function usableMessageId(value: string | null): string | undefined {
  return /^<?([^\s<>]{1,900})>?$/.exec(value ?? '')?.[1];
}
