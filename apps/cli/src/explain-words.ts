/** Whether a known text stands in another, as words of its own; host, port and timeout are those of somebody's settings. */
export function standsIn(known: string, text: string): boolean {
  const words = escaped(withoutEnd(inOneLine(known))).replaceAll(/\\\{\w+\\\}/g, '\\S+?');
  return new RegExp(`(?<!\\w)${words}(?!\\w)`, 'i').test(text);
}

const lengthMin = 10;

/** Whether the text is a part of a known one; a single plain word of it is too little. */
export function isPartOf(text: string, known: string): boolean {
  if (text.length > known.length * 2) return false;
  const part = withoutEnd(text);
  const tells = part.length >= lengthMin && /\s|_|[a-z][A-Z]/.test(part);
  return tells && new RegExp(`(?<!\\w)${escaped(part)}(?!\\w)`, 'i').test(known);
}

/** Whether a name stands in the text as it is written: the code of a system error, or an exception. */
export function nameIn(name: string, text: string): boolean {
  return new RegExp(`(?<!\\w)${escaped(name)}(?!\\w)`).test(text);
}

/** `SocketTimeoutException`, without the package. */
export function exceptionsIn(text: string): string[] {
  return [...new Set(text.match(/\b[A-Z]\w*Exception\b/g))];
}

/** `429` for "429" or "HTTP 429", with nothing else beside it. */
export function statusOf(text: string): string | undefined {
  return /^\s*(?:HTTP(?:\/[\d.]+)?\s+)?(\d{3})\s*$/i.exec(text)?.[1];
}

/** The items for which most of the text speaks; none where nothing does. */
export function longestOf<T>(items: readonly T[], length: (item: T) => number): readonly T[] {
  const longest = Math.max(...items.map(length));
  return longest > 0 ? items.filter((item) => length(item) === longest) : [];
}

/** As all texts are compared. */
export function inOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function withoutEnd(text: string): string {
  return text.replace(/[.;:,]$/, '');
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^$(){}|[\]\\]/g, '\\$&');
}
