import { adminThread, type Notification, type Random } from '@isesim/domain';

/** In whose name and on which thread something is logged. */
export interface Caller {
  readonly thread: string;
  readonly user: string;
}

/** On it ISE hands guest mail to the mail server, in nobody's name. */
export const retryThread: Caller = { thread: 'GUEST_ACCESS_SMTP_RETRY_THREAD', user: '' };

const alarmThreads = 'MnT-AlarmWorkerMail-Threadpool-';

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
  const free: boolean[] = [];
  return {
    take: ({ id, purpose }) => {
      if (purpose === 'portal-test') return { thread: adminThread(random, id), user: administrator() };
      if (purpose !== 'alarm') return retryThread;
      const number = firstFree(free);
      free[number] = false;
      return { thread: `${alarmThreads}${number}`, user: '' };
    },
    giveBack: ({ thread }) => {
      if (thread.startsWith(alarmThreads)) free[Number(thread.slice(alarmThreads.length))] = true;
    },
  };
}

function firstFree(free: readonly boolean[]): number {
  const first = free.indexOf(true);
  return first === -1 ? free.length : first;
}
