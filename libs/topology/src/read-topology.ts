import { isUtf8 } from 'node:buffer';
import { parseTopology, type ReadOptions } from './parse-topology.ts';
import { readNamedFile, type UnreadFile } from './read-named-file.ts';
import { sizeMax, wholeFileError } from './source.ts';
import { TopologyError } from './topology-error.ts';
import type { Topology } from './topology.ts';

/** The topology in the file at `path`. Throws a TopologyError with every mistake in it. */
export async function readTopology(path: string, options: ReadOptions): Promise<Topology> {
  return parseTopology(await readText(path), { ...options, file: path });
}

/** The text of a file that a person named. Throws a TopologyError when it is none that can be read whole. */
export async function readText(path: string): Promise<string> {
  return decode(await readBytes(path), path);
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readNamedFile(path, { sizeMax });
  } catch (error) {
    throw wholeFileError(path, (error as UnreadFile).message, { cause: error });
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
