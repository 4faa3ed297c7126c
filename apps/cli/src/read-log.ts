import { access, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { logComponentOf, logComponents } from '@isesim/domain';
import { lettersOf } from './log-component.ts';

// Soon enough for a reader's eye; the file is only looked at, not read again.
const lookEveryMs = 100;

/** The lines of a node's log; with `follow` also those that are still to be written, until its folder is gone. */
export async function* readLog(path: string, { follow }: { follow: boolean }): AsyncGenerator<string> {
  let offset = 0;
  let rest = Buffer.alloc(0);
  for (;;) {
    const more = await readFrom(path, offset);
    offset += more.length;
    const text = Buffer.concat([rest, more]);
    // A line that is half written waits for its other half; bytes, so that no character is cut in two.
    const end = text.lastIndexOf('\n') + 1;
    rest = text.subarray(end);
    const lines = text.toString('utf8', 0, end).split('\n');
    lines.pop();
    yield* lines;
    if (!follow || !(await exists(dirname(path)))) return;
    await sleep(lookEveryMs);
  }
}

export interface ParsedLine {
  /** The whole line. */
  readonly line: string;
  readonly time?: string;
  readonly level?: string;
  readonly thread?: string;
  readonly logger?: string;
  readonly user?: string;
  readonly message?: string;
}

const form = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) (\S+) *\[([^\]]*)\]\[\[\]\] (\S+) -::([^:]*):::- (.*)$/;

export function parseLogLine(line: string): ParsedLine {
  const [, time, level, thread, logger, user, message] = form.exec(line) ?? [];
  if (time === undefined || level === undefined || thread === undefined || logger === undefined || user === undefined || message === undefined) return { line };
  return { line, time: `${time.replace(' ', 'T').replace(',', '.')}Z`, level, thread, logger, user, message };
}

/** The lines of one component, each with those behind it that go on with its message; `undefined` stands for all. */
export async function* linesOfComponent(lines: AsyncIterable<string>, component: string | undefined): AsyncGenerator<string> {
  let isIts = false;
  for await (const line of lines) {
    const { logger } = parseLogLine(line);
    if (logger !== undefined) isIts = component === undefined || isOfComponent(logger, component);
    if (isIts || component === undefined) yield line;
  }
}

/** The last `count` of what is there, and with `follow` all that comes. `read` is asked twice: a log only grows. */
export async function* lastLines(read: (follow: boolean) => AsyncIterable<string>, count: number, follow: boolean): AsyncGenerator<string> {
  let total = 0;
  for await (const _ of read(false)) total += 1;
  let index = 0;
  for await (const line of read(follow)) {
    if (index >= total && !follow) return;
    if (index >= total - count) yield line;
    index += 1;
  }
}

/** One of ISE's components, or one of ours, by the name of the class that logs: `replication`. */
export function isOfComponent(logger: string, component: string): boolean {
  const known = logComponents.find((each) => lettersOf(each) === lettersOf(component));
  return known === undefined ? lettersOf(logger) === `isesim${lettersOf(component)}` : logComponentOf(logger) === known;
}

async function readFrom(path: string, offset: number): Promise<Buffer> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    if (size <= offset) return Buffer.alloc(0);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(size - offset), position: offset });
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    // A node that has not logged yet has no file.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(() => true, () => false);
}
