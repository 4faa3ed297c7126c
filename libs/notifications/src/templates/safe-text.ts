/** What data may bring into a mail: here, and nowhere else, it is made harmless. HTML is escaped in its renderer. */

// Characters, not UTF-16 units. Longer subjects are cut by mail programs anyway, and a header has to stay a reasonable one.
export const subjectCharactersMax = 200;

const lineBreaksAndControls = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
// They reorder what surrounds them: "exe.txt" can be shown for "txt.exe", and a subject's fixed words can be turned round.
const bidiControls = /\p{Bidi_Control}/gu;
// Half of a surrogate pair has no UTF-8 form.
const loneSurrogates = /\p{Cs}/gu;
// All that has a meaning in an address list (RFC 5322 §3.4): one recipient must not become two, or a header of its own.
const noAddressCharacters = /[\p{Cc}\p{Cs}\p{Bidi_Control}\s<>"(),:;\\[\]]/gu;

/** The text on one line, so that data can pass neither for a header nor for another field of the mail. */
export function singleLine(text: string): string {
  return text.replace(bidiControls, '').replace(lineBreaksAndControls, ' ').replace(loneSurrogates, '\uFFFD');
}

export function subjectLine(text: string): string {
  const characters = [...singleLine(text).replace(/\s+/gu, ' ').trim()];
  if (characters.length <= subjectCharactersMax) return characters.join('');
  return `${characters.slice(0, subjectCharactersMax - 1).join('')}…`;
}

/**
 * One bare mail address. What cannot be in one is replaced rather than left out: left out, a wrong address could turn
 * into someone else's; with a question mark it stays wrong and the server refuses it.
 */
export function headerAddress(text: string): string {
  const [localPart = '', ...domain] = text.replace(noAddressCharacters, '?').split('@');
  // A second @ would make the mail library quote all before it, and deliver to the domain behind it.
  return domain.length === 0 ? localPart : `${localPart}@${domain.join('?')}`;
}
