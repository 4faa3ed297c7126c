import { createPublicKey, verify } from 'node:crypto';
import { nkeyAuthenticator } from 'nats';
import { expect, test } from 'vitest';
import { createBusKey, signNonce } from './keys.ts';

/** The 32 bytes in a public key as NATS writes it: base32 of a prefix, the key and a checksum. */
function rawPublicKey(text: string): Buffer {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...text].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2))).subarray(1, 33);
}

test('a nonce signed with the key is verified by node:crypto with its public half', () => {
  const key = createBusKey();
  const signature = Buffer.from(signNonce(key, 'a nonce of the server'), 'base64url');
  // RFC 8410: the SPKI wrapper around an Ed25519 key.
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), rawPublicKey(key.publicKey)]);
  const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });

  expect(verify(null, Buffer.from('a nonce of the server'), publicKey, signature)).toBe(true);
  expect(verify(null, Buffer.from('another nonce'), publicKey, signature)).toBe(false);
});

test('public keys are those of users, seeds those of users, in the length that NATS gives them', () => {
  for (let count = 0; count < 50; count += 1) {
    const { publicKey, seed } = createBusKey();
    expect(publicKey).toMatch(/^U[A-Z2-7]{55}$/);
    expect(seed).toMatch(/^SU[A-Z2-7]{56}$/);
  }
});

test("the client's own key code takes the seed: checksum and prefix fit, and it has the same public key and signature", () => {
  for (let count = 0; count < 5; count += 1) {
    const key = createBusKey();
    const client = nkeyAuthenticator(new TextEncoder().encode(key.seed));

    expect(client('nonce')).toEqual({ nkey: key.publicKey, sig: Buffer.from(signNonce(key, 'nonce'), 'base64url').toString('base64') });
  }
});

test('no two keys are the same, and one does not sign for another', () => {
  const [one, other] = [createBusKey(), createBusKey()];

  expect(one.publicKey).not.toBe(other.publicKey);
  expect(signNonce(one, 'nonce')).not.toBe(signNonce(other, 'nonce'));
  expect(signNonce(one, 'nonce')).not.toBe(signNonce(one, 'another nonce'));
});
