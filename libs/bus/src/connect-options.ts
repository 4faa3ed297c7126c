import type { BusKey, NatsLogin } from '@isesim/domain';
import type { ConnectionOptions } from 'nats';
import { signNonce } from './keys.ts';

export interface ServerAccess {
  readonly url: string;
  readonly key: BusKey;
  /** Given instead of the key to a server that does not know it. */
  readonly login?: NatsLogin | undefined;
}

/** How to reach a server and say who one is. */
export function connectOptions({ url, key, login }: ServerAccess): ConnectionOptions {
  return { servers: url, ...(login ?? { authenticator: (nonce) => ({ nkey: key.publicKey, sig: signNonce(key, nonce ?? '') }) }) };
}
