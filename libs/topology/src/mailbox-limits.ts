import type { ExchangeLimits } from '@isesim/domain';
import { msOf } from './checked-text.ts';
import type { TopologyFile } from './topology-file.ts';

type FileLimits = NonNullable<TopologyFile['microsoft365']>['limits'];

const megabyte = 1024 * 1024;

/** A limit that is off is left out. */
export function mailboxLimitsOf(given: FileLimits): ExchangeLimits {
  if (given === 'off') return {};
  const { sessionLength, sessionIdle, messageSizeMegabytes, ...counts } = given;
  const limits = {
    ...counts,
    messageSizeBytes: messageSizeMegabytes === 'off' ? 'off' : messageSizeMegabytes * megabyte,
    sessionLengthMs: sessionLength === 'off' ? 'off' : msOf(sessionLength),
    sessionIdleMs: sessionIdle === 'off' ? 'off' : msOf(sessionIdle),
  };
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== 'off'));
}
