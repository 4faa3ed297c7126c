import { createHash } from 'node:crypto';
import type { Random } from './world.ts';

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Values follow from seed, node and cause alone, not from the order in which they are drawn. */
export function seededRandom(seed: number, node: string): Random {
  const bytes = (cause: string, block: number) => createHash('sha256').update(`${seed}\n${node}\n${cause}\n${block}`).digest();
  return {
    text: (cause, length, alphabet = letters) => {
      const drawn: string[] = [];
      for (let block = 0; drawn.length < length; block += 1) {
        drawn.push(...[...bytes(cause, block)].map((byte) => alphabet.charAt(byte % alphabet.length)));
      }
      return drawn.slice(0, length).join('');
    },
    fraction: (cause) => bytes(cause, 0).readUInt32BE() / 2 ** 32,
  };
}
