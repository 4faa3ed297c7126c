/** The commands that Exchange Online knows. */
export const verbs = ['EHLO', 'HELO', 'STARTTLS', 'AUTH', 'MAIL', 'RCPT', 'DATA', 'BDAT', 'RSET', 'NOOP', 'VRFY', 'HELP', 'QUIT'] as const;
export type Verb = (typeof verbs)[number];

export interface Command {
  readonly verb: Verb;
  readonly argument: string;
  readonly line: string;
}

/** Undefined when the line begins with no verb. */
export function parseCommand(line: string): Command | undefined {
  const [, word = '', argument = ''] = /^(\S+)(?:[ \t]+(.*))?$/s.exec(line) ?? [];
  const verb = verbs.find((each) => each === word.toUpperCase());
  return verb && { verb, argument: argument.trim(), line };
}
