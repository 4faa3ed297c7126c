import { secondMs, type SmtpServerSettings } from '@isesim/domain';

/** What ISE's class SmtpSession says at level DEBUG of the session that it makes for a mail (Cisco document 225520). */
export function smtpSessionTexts({ host, port, connectionTimeoutMs, tls, authentication }: SmtpServerSettings, fqdn: string): string[] {
  const settings = `Username : ${usernameOf(authentication) ?? 'null'} Port : ${port} timeout : ${connectionTimeoutMs / secondMs}`;
  const switches = `isSSLEnabled: ${tls} isAuthEnabled ${authentication.type !== 'none'}`;
  return [`SMTP settings : ${settings} ${switches} Server: ${host}`, 'Setting MailSessionProperties', `Set the FQDN : ${fqdn}`];
}

/** The document shows null, where nobody logs in; that the mailbox is the user name under OAuth is inferred from the name of its field. */
function usernameOf(authentication: SmtpServerSettings['authentication']): string | undefined {
  if (authentication.type === 'password') return authentication.username;
  return authentication.type === 'exchange-online-oauth' ? authentication.emailAddress : undefined;
}
