import { calculateJwkThumbprint, exportJWK, generateKeyPair, type CryptoKey, type JWK } from 'jose';

/** The key that Entra ID signs access tokens with. */
export interface SigningKey {
  readonly id: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** Gives one and the same key. The first call begins to generate it, off the main thread: a matter of some 100 ms. */
export function signingKeyOnce(): () => Promise<SigningKey> {
  let key: Promise<SigningKey> | undefined;
  return () => (key ??= generateSigningKey());
}

async function generateSigningKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const publicJwk = await exportJWK(publicKey);
  return { id: await calculateJwkThumbprint(publicJwk), privateKey, publicKey, publicJwk };
}
