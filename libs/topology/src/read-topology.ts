import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { parseTopology, type ReadOptions } from './parse-topology.ts';
import { sizeMax, tooLargeText, wholeFileError } from './source.ts';
import { TopologyError } from './topology-error.ts';
import type { Topology } from './topology.ts';

/** The topology in the file at `path`. Throws a TopologyError with every mistake in it. */
export async function readTopology(path: string, options: ReadOptions): Promise<Topology> {
  return parseTopology(await readText(path), { ...options, file: path });
}

/** The text of a file that a person named. Throws a TopologyError when it is none that can be read whole. */
export async function readText(path: string): Promise<string> {
  try {
    // Looked at before it is opened: opening a pipe waits for its writer, and a device may never end.
    const found = await stat(path);
    if (!found.isFile()) throw wholeFileError(path, `this is ${kindOf(found)}; name a file`);
    if (found.size > sizeMax) throw wholeFileError(path, tooLargeText(found.size));
    // The system's own files say that they are empty, and some never end.
    return found.size === 0 ? '' : decode(await readFile(path), path);
  } catch (error) {
    if (error instanceof TopologyError) throw error;
    throw wholeFileError(path, unreadableText(error), { cause: error });
  }
}

function kindOf(found: Awaited<ReturnType<typeof stat>>): string {
  if (found.isDirectory()) return 'a directory';
  if (found.isFIFO()) return 'a named pipe';
  if (found.isSocket()) return 'a socket';
  return 'a device';
}

function unreadableText(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such file; check the path';
    case 'EACCES':
    case 'EPERM':
      return 'you may not read this file; give yourself the right, or name another';
    default:
      return `this file cannot be read (${code}); name another`;
  }
}

function decode(bytes: Buffer, path: string): string {
  const mark = bytes.toString('latin1', 0, 2);
  if (mark === '\xff\xfe' || mark === '\xfe\xff') throw wholeFileError(path, 'the file is in UTF-16; save it as UTF-8');
  if (!isUtf8(bytes)) throw notUtf8(bytes, path);
  return new TextDecoder().decode(bytes);
}

function notUtf8(bytes: Buffer, file: string): TopologyError {
  const lines = bytes.toString('latin1').split('\n');
  const index = lines.findIndex((line) => !isUtf8(Buffer.from(line, 'latin1')));
  const before = new TextDecoder().decode(Buffer.from(lines[index] ?? '', 'latin1')).split('\ufffd')[0] ?? '';
  return new TopologyError([
    { file, line: index + 1, column: before.length + 1, path: '', message: 'this is not UTF-8; save the file as UTF-8' },
  ]);
}
