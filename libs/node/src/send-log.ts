import type { Attempt, Log, Notification, Outcome } from '@isesim/domain';

const retryThread = 'GUEST_ACCESS_SMTP_RETRY_THREAD';
const alarmThread = 'MnT-AlarmWorkerMail-Threadpool-0';
const sender = 'cpm.guestaccess.apiservices.util.SmtpMsgRetryThreadUtil';

/** What guest.log says about a mail on the node that sends it. Lines marked ours have no documented counterpart. */
export interface SendLog {
  submitting(notification: Notification): void;
  attempted(notification: Notification, attempts: readonly Attempt[]): void;
  refused(notification: Notification, sender: string): void;
}

export function sendLog(log: Log): SendLog {
  const write = (level: 'INFO' | 'ERROR', { purpose }: Notification, message: string) => {
    log.write({ level, thread: purpose === 'alarm' ? alarmThread : retryThread, logger: sender, user: '', message });
  };
  return {
    submitting: (notification) => {
      write('INFO', notification, 'sendMailMessage: Submitting Mail Job');
      write('INFO', notification, 'submitMailMsgJob: Creating transport object...');
    },
    attempted: (notification, attempts) => {
      const last = attempts.at(-1);
      if (!last) return;
      const status = last.outcome.kind === 'accepted' ? 'success' : 'failure';
      // The id and the outcome behind the documented text are ours: they join this log with the bus and the mail record.
      write(status === 'success' ? 'INFO' : 'ERROR', notification, `sendMailMessage: Future.get status: ${status} (notificationId ${notification.id}, attempt ${attempts.length}: ${describe(last.outcome)})`);
    },
    refused: (notification, who) => {
      write('ERROR', notification, `${notification.purpose} mail is not sent by this node, the ${who} sends it (notificationId ${notification.id})`);
    },
  };
}

function describe(outcome: Outcome): string {
  if (outcome.kind === 'accepted') return `${outcome.reply.code} ${outcome.reply.text}`;
  if (outcome.kind === 'indefinite' || outcome.kind === 'not-begun') return `${outcome.kind}, ${outcome.reason}`;
  return `${outcome.kind} at ${outcome.stage}, ${outcome.reason}`;
}
