import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { defaultLogLevel, logLevels, type Clock, type Log, type LogLevel, type LogLine } from '@isesim/domain';

export const guestLogName = 'guest.log';

const levelColumns = 7;

/**
 * The node's guest.log. The lines of one turn of the event loop are written together, before anything that the same turn
 * reports to the coordinator: when the deployment is quiet, the log is complete. `levelOf` is asked at each line, for its class.
 */
export function guestLog(folder: string, clock: Clock & { readonly revoked: boolean }, levelOf: (logger: string) => LogLevel = () => defaultLogLevel): Log {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let pending = '';
  const flush = () => {
    if (!clock.revoked) appendFileSync(join(folder, guestLogName), pending);
    pending = '';
  };
  return {
    write: (line) => {
      if (logLevels.indexOf(line.level) > logLevels.indexOf(levelOf(line.logger))) return;
      if (pending === '') setImmediate(flush);
      pending += `${formatLogLine(clock.now(), line)}\n`;
    },
  };
}

/** As in the logs of Cisco document 225520: the user stands between five colons, of which two come before it. */
export function formatLogLine(now: number, { level, thread, logger, user, message }: LogLine): string {
  const time = new Date(now).toISOString().replace('T', ' ').replace('.', ',').replace('Z', '');
  return `${time} ${level.padEnd(levelColumns)}[${thread}][[]] ${logger} -::${user}:::- ${message}`;
}
