import { adminThread, type Notification, type Random } from '@isesim/domain';

/** In whose name and on which thread something is logged. */
export interface Caller {
  readonly thread: string;
  readonly user: string;
}

/** On it ISE hands guest mail to the mail server, in nobody's name. */
export const retryThread: Caller = { thread: 'GUEST_ACCESS_SMTP_RETRY_THREAD', user: '' };

/** Those who have a mail sent and wait for it. */
export interface Callers {
  take(notification: Pick<Notification, 'id' | 'purpose'>): Caller;
  giveBack(caller: Caller): void;
}

/**
 * An administrator's deeds have a thread of the admin interface, alarms one of a pool, the lowest that is free. Who calls for the
 * mail of portals and for reminders is not documented: the thread that sends them stands for it.
 */
export function callersOf({ random, administrator }: { readonly random: Pick<Random, 'fraction'>; readonly administrator: () => string }): Callers {
  const taken = new Set<string>();
  return {
    take: ({ id, purpose }) => {
      if (purpose === 'portal-test') return { thread: adminThread(random, id), user: administrator() };
      if (purpose !== 'alarm') return retryThread;
      const thread = firstFree(taken);
      taken.add(thread);
      return { thread, user: '' };
    },
    giveBack: ({ thread }) => {
      taken.delete(thread);
    },
  };
}

function firstFree(taken: ReadonlySet<string>): string {
  for (let number = 0; ; number += 1) {
    const thread = `MnT-AlarmWorkerMail-Threadpool-${number}`;
    if (!taken.has(thread)) return thread;
  }
}
