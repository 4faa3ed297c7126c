import type { TLSSocket } from 'node:tls';
import type { default as SMTPConnection } from 'nodemailer/lib/smtp-connection';
import type { Trace } from '@isesim/domain';

// Commands that carry no secret; of AUTH the mechanism is shown, of all else that a client says nothing.
const openCommand = /^(EHLO|HELO|STARTTLS|MAIL FROM|RCPT TO|DATA|RSET|NOOP|QUIT)\b/i;
const authCommand = /^AUTH [A-Z0-9-]+/i;
const mask = '***';

/** nodemailer's logger, of which the dialogue alone is of use. */
export function smtpDialogue(trace: Trace): Readonly<Record<string, unknown>> {
  const ignore = () => undefined;
  const debug = ({ tnx }: { readonly tnx?: string }, message: string) => {
    if (tnx === 'server') for (const line of message.split(/\r?\n/)) trace({ step: 'smtp', says: 'server', line });
    if (tnx === 'client') trace({ step: 'smtp', says: 'client', line: masked(message) });
  };
  return { trace: ignore, debug, info: ignore, warn: ignore, error: ignore, fatal: ignore };
}

function masked(command: string): string {
  if (openCommand.test(command)) return command;
  const auth = authCommand.exec(command)?.[0];
  return auth === undefined ? mask : `${auth} ${mask}`;
}

/** nodemailer makes the TLS socket itself, and shows it to nobody before the handshake. */
export function onStartTls(smtp: SMTPConnection, listen: (socket: TLSSocket) => void): void {
  const upgrading = smtp as unknown as { _socket: TLSSocket; _upgradeConnection(done: unknown): void };
  const upgrade = upgrading._upgradeConnection.bind(upgrading);
  upgrading._upgradeConnection = (done) => {
    const before = upgrading._socket;
    upgrade(done);
    if (upgrading._socket !== before) listen(upgrading._socket);
  };
}
