import type { Reply } from '@isesim/domain';

const line = /^\d{3}[ -]?(?:(\d\.\d{1,3}\.\d{1,3})(?: |$))?(.*)$/;

/** The parts of a server's reply as it came, one line or several; undefined when it is none. */
export function replyOf(response: string): Reply | undefined {
  const code = Number(/^[2-5]\d\d\b/.exec(response)?.[0]);
  if (!code) return undefined;
  const lines = response.split(/\r?\n/).map((each) => line.exec(each));
  const enhanced = lines[0]?.[1];
  const text = lines.map((each) => each?.[2] ?? '').join(' ').trim();
  return enhanced ? { code, enhanced, text } : { code, text };
}

/** `535 5.7.3 Authentication unsuccessful` */
export function formatReply({ code, enhanced, text }: Reply): string {
  return [code, enhanced, text].filter(Boolean).join(' ');
}
