import type { Attempt, Clock, Log, LogLevel, LogLine, Notification, Outcome, Random, SmtpServerSettings } from '@isesim/domain';
import { logLineOf } from '@isesim/domain';
import { callersOf, retryThread, type Caller } from './log-threads.ts';
import { smtpSessionTexts } from './smtp-session-texts.ts';

const retries = 'cpm.guestaccess.apiservices.util.SmtpMsgRetryThreadUtil';
const session = 'cpm.guestaccess.apiservices.util.SmtpSession';
/** Stands where ISE has a class, in lines that are ours: they join guest.log with the bus and the mail record. */
const ours = 'isesim.mail';

/** What guest.log says about a mail on the node that sends it. */
export interface SendLog {
  /** An attempt begins; whoever is returned is told of all attempts so far when it has ended. */
  begins(notification: Notification, settings: SmtpServerSettings): (attempts: readonly Attempt[]) => void;
  waits(notification: Notification, why: string): void;
  refused(notification: Notification, sender: string): void;
}

export interface SendLogOptions {
  readonly log: Log;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Pick<Random, 'fraction'>;
  /** The node's own. */
  readonly fqdn: string;
  /** Name of the first administrator, for whom all stand. */
  readonly administrator: () => string;
}

/** The lines of Cisco document 225520, its typing errors included; after them, under a name of our own, what it has no line for. */
export function sendLog({ log, clock, random, fqdn, administrator }: SendLogOptions): SendLog {
  const callers = callersOf({ random, administrator });
  const say = (level: LogLevel, { thread, user }: Caller, message: string, logger = ours) => {
    log.write({ level, thread, logger, user, message } satisfies LogLine);
  };
  return {
    begins: (notification, settings) => {
      const began = clock.now();
      const caller = callers.take(notification);
      const sender = notification.purpose === 'alarm' ? caller : retryThread;
      for (let sessions = sessionsFor(notification); sessions > 0; sessions -= 1) {
        for (const text of smtpSessionTexts(settings, fqdn)) say('DEBUG', caller, text, session);
      }
      say('INFO', caller, 'sendMailMessage: Submitting Mail Job', retries);
      say('INFO', caller, `submitMailMsgJob: SMTP server FQDN ==> ${settings.host}`, retries);
      // To hand a mail over takes no simulated time.
      say('INFO', caller, 'sendMailMessage: Time taken for Submitting mail job is 0 Milli seconds.', retries);
      say('INFO', caller, 'sendMailMessage: Calling Future.get....', retries);
      say('INFO', sender, 'submitMailMsgJob: Creating transport object...', retries);
      return (attempts) => {
        callers.giveBack(caller);
        const last = attempts.at(-1);
        if (!last) return;
        const [status, level] = last.outcome.kind === 'accepted' ? (['success', 'INFO'] as const) : (['failure', 'ERROR'] as const);
        const tookMs = last.at - began;
        if (status === 'success') say('INFO', sender, `submitMailMsgJob: Time taken for transport.sendMessage() call is ${tookMs} Milli Seconds.`, retries);
        const line = logLineOf(last.outcome, settings);
        if (line) say('ERROR', sender, line.message, line.logger);
        say(level, caller, `sendMailMessage: Future.get status: ${status} Time taken for Future.get method call is ${tookMs} Milliseconds.`, retries);
        say(level, caller, `notificationId ${notification.id}, attempt ${attempts.length}: ${describe(last.outcome)}`);
      };
    },
    waits: ({ id }, why) => {
      say('WARN', retryThread, `notificationId ${id} waits: ${why}`);
    },
    refused: ({ id, purpose }, who) => {
      say('ERROR', retryThread, `${purpose} mail is not sent by this node, the ${who} sends it (notificationId ${id})`);
    },
  };
}

/** The document has the lines of an alarm's mail session twice, one after the other on one thread; that it is so for each alarm is inferred. */
function sessionsFor({ purpose }: Notification): number {
  return purpose === 'alarm' ? 2 : 1;
}

function describe(outcome: Outcome): string {
  if (outcome.kind === 'accepted') return `${outcome.reply.code} ${outcome.reply.text}`;
  if (outcome.kind === 'indefinite' || outcome.kind === 'not-begun') return `${outcome.kind}, ${outcome.reason}`;
  return `${outcome.kind} at ${outcome.stage}, ${outcome.reason}`;
}
