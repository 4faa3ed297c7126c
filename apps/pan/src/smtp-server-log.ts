import { logLineOf, type ConnectionTest, type Log, type LogLevel, type SmtpServerSettings, type TraceEvent } from '@isesim/domain';

const action = 'cpm.admin.guestaccess.action.SmtpServerSettingsAction';
const cache = 'cpm.guestaccess.apiservices.oauth.OauthTokenCache';
const provider = 'cpm.guestaccess.apiservices.oauth.ExchangeOnlineProvider';
const session = 'cpm.guestaccess.apiservices.util.SmtpSession';

/** Who does something on the page: the thread that serves the admin interface, and the administrator. */
export interface PageVisit {
  readonly thread: string;
  readonly user: string;
}

/** What guest.log says of the SMTP Server page, in the words of Cisco document 225520, its slips included. */
export function smtpServerLog(log: Log, visit: PageVisit) {
  const write = (level: LogLevel, logger: string, message: string) => { log.write({ level, ...visit, logger, message }); };
  const debug = (logger: string, ...messages: readonly string[]) => { for (const message of messages) write('DEBUG', logger, message); };
  const tokenCached = () => { debug(cache, 'Putting value in OAuth Cache (accessToken, expiry) ..'); };
  return {
    testing: () => { debug(action, 'inside smtpServerSettings testConnection', 'smtpServerSecureSettings testConnection'); },
    traced: (event: TraceEvent) => {
      if (event.step !== 'token-answer' || !event.claims) return;
      tokenCached();
      debug(provider, 'Access token acquired (no caching in this method)');
      tokenCached();
    },
    tested: ({ succeeded, message, outcome }: ConnectionTest, settings: SmtpServerSettings) => {
      if (succeeded) {
        debug(session, 'Successfully created mail session and connected to mail server.');
        debug(action, message);
        return;
      }
      const line = logLineOf(outcome, settings) ?? { logger: session, message: `Exception : ${message}` };
      write('ERROR', line.logger, line.message);
      debug(action, `Connection to ${settings.host}server failed.${message}`);
    },
    saving: ({ host, port, connectionTimeoutMs, tls, authentication }: SmtpServerSettings) => {
      debug(
        action,
        'inside smtpServerSettings editSubmit',
        'smtpServerSettings in editSubmit',
        `Set SMTP Server is :${host}`,
        `Set SMTP port is :${port}`,
        `Set Connection Timout is :${connectionTimeoutMs / 1000}`,
        `Set TLS/SSL config is :${tls}`,
        `Set Authentication config is :${authentication.type !== 'none'}`,
      );
    },
    saved: () => { debug(action, 'SMTP server settings successfully saved'); },
  };
}
