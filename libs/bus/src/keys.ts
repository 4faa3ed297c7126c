import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import type { BusKey } from '@isesim/domain';

// RFC 8410: a PKCS#8 wrapper around the 32 bytes of an Ed25519 seed.
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const seedPrefix = 18 << 3;
const userPrefix = 20 << 3;

/** node:crypto makes 54 pairs in milliseconds; the client's own JavaScript signer needs most of a second. */
export function createBusKey(): BusKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(pkcs8Prefix.length);
  const point = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return {
    publicKey: encode(Buffer.from([userPrefix]), point),
    seed: encode(Buffer.from([seedPrefix | (userPrefix >> 5), (userPrefix & 31) << 3]), seed),
  };
}

/** Answers the server's nonce. The client's own signer is slow enough to time out at 54 connections. */
export function signNonce(key: BusKey, nonce: string): string {
  const seed = decode(key.seed).subarray(2);
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' });
  return sign(null, Buffer.from(nonce), privateKey).toString('base64url');
}

// NATS writes keys as base32 of prefix, key and CRC-16, so that they can be told apart by their first letters.
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function encode(prefix: Buffer, key: Buffer): string {
  const raw = Buffer.concat([prefix, key]);
  const checksum = Buffer.alloc(2);
  checksum.writeUInt16LE(crc16(raw));
  return base32(Buffer.concat([raw, checksum]));
}

function decode(text: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const letter of text) {
    held = (held << 5) | alphabet.indexOf(letter);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 0xff);
    }
    held &= 0xff;
  }
  return Buffer.from(bytes.slice(0, -2));
}

function base32(bytes: Buffer): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(held >> bits) & 31];
    }
    held &= 0xff;
  }
  return bits > 0 ? text + alphabet[(held << (5 - bits)) & 31] : text;
}

/** CRC-16/XMODEM */
function crc16(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}
