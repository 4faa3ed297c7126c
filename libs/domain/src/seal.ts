import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { Secret } from './secret.ts';

const nonceBytes = 12;
const tagBytes = 16;

/** A deployment's key, 32 bytes in base64: what the secrets of its configuration are sealed with, on the wire and at rest. */
export type SealingKey = string;

/** `value` as plain data, each `Secret` in it replaced by `{ sealed }` (AES-256-GCM). */
export function seal(value: unknown, key: SealingKey): unknown {
  if (value instanceof Secret) return { sealed: sealText(value.reveal(), key) };
  if (Array.isArray(value)) return value.map((each) => seal(each, key));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, seal(each, key)]));
}

/** The reverse of `seal`. Throws when something was sealed with another key or was changed. */
export function unseal(value: unknown, key: SealingKey): unknown {
  if (Array.isArray(value)) return value.map((each) => unseal(each, key));
  if (value === null || typeof value !== 'object') return value;
  if ('sealed' in value && typeof value.sealed === 'string') return new Secret(unsealText(value.sealed, key));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, unseal(each, key)]));
}

function sealText(text: string, key: SealingKey): string {
  const raw = Buffer.from(key, 'base64');
  // A nonce that follows from key and text: no randomness is needed, and it can repeat only for the same text.
  const nonce = createHmac('sha256', raw).update(text).digest().subarray(0, nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', raw, nonce);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
}

function unsealText(sealed: string, key: SealingKey): string {
  const bytes = Buffer.from(sealed, 'base64');
  // Without its length a tag that was cut down to four bytes would do.
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key, 'base64'), bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]).toString('utf8');
}
