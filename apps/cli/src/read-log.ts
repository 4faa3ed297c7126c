import { access, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { logComponentOf, logComponents } from '@isesim/domain';

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

/** One of ISE's components, or any word that shows in the name of the class that logs, dots and dashes aside: `replication`. */
export function isOfComponent(logger: string, component: string): boolean {
  const letters = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const known = logComponents.find((each) => letters(each) === letters(component));
  return known === undefined ? letters(logger).includes(letters(component)) : logComponentOf(logger) === known;
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
