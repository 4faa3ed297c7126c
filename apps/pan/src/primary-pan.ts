import type { IseNode, ReleaseDuty, TakeDuty } from '@isesim/node';
import type { GuestExpiry } from './guest-expiry.ts';
import { remindOfPasswordExpiry } from './password-expiry.ts';

/** What the primary PAN does by itself: notices of expiry and reminders. */
export interface PrimaryPan {
  readonly take: TakeDuty;
  /** Looks at accounts and settings anew, as after a restore. */
  renew(): Promise<void>;
}

export function primaryPan(node: IseNode, expiry: GuestExpiry): PrimaryPan {
  let release: ReleaseDuty | undefined;
  const begin = async () => {
    const stopWatching = await expiry.begin();
    const stopReminding = await remindOfPasswordExpiry(node);
    release = () => {
      stopWatching();
      stopReminding();
    };
  };
  const end = () => {
    release?.();
    release = undefined;
  };
  return {
    take: async () => {
      await begin();
      return end;
    },
    renew: async () => {
      if (!release) return;
      end();
      await begin();
    },
  };
}
