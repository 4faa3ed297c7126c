import { readFile, rename, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';

/** How a supervisor can be reached: in its deployment's folder, readable by its owner alone. */
export interface ControlFile {
  readonly name: string;
  readonly pid: number;
  readonly url: string;
  readonly token: string;
  /** Real time, ISO 8601. */
  readonly startedAt: string;
}

const fileName = 'control.json';

export async function writeControlFile(folder: string, control: ControlFile): Promise<void> {
  // Whole or not at all for whoever reads meanwhile.
  const draft = join(folder, `${fileName}.draft`);
  await writeFile(draft, `${JSON.stringify(control)}\n`, { mode: 0o600 });
  await rename(draft, join(folder, fileName));
}

export async function readControlFile(folder: string): Promise<ControlFile | undefined> {
  try {
    const read = JSON.parse(await readFile(join(folder, fileName), 'utf8')) as Partial<ControlFile>;
    return isControlFile(read) ? read : undefined;
  } catch {
    // None yet, none any more, or what a process that died while writing left: nobody can be reached by it.
    return undefined;
  }
}

/**
 * True when the supervisor lives. It listens before it writes the file and until the file is gone, so a port that refuses
 * means that the process id belongs to another by now, as after a power cut.
 */
export async function isRunning({ pid, url }: ControlFile): Promise<boolean> {
  return isAlive(pid) && (await accepts(Number(new URL(url).port)));
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const answer = (accepted: boolean) => () => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', answer(true));
    socket.once('error', answer(false));
  });
}

function isControlFile(read: Partial<ControlFile>): read is ControlFile {
  const { name, pid, url, token } = read;
  return typeof name === 'string' && typeof pid === 'number' && typeof token === 'string' && typeof url === 'string' && URL.canParse(url);
}
