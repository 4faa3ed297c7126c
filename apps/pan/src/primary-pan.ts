import type { IseNode, ReleaseDuty, TakeDuty } from '@isesim/node';
import type { GuestExpiry } from './guest-expiry.ts';
import { watchPasswordExpiry } from './password-expiry.ts';
import { watchSecretExpiry } from './secret-expiry.ts';

/** What the primary PAN does by itself: notices of expiry, reminders and the alarms of the client secret. */
export interface PrimaryPan {
  readonly take: TakeDuty;
  /** Looks at accounts and settings anew, as after a restore. */
  renew(): Promise<void>;
}

export function primaryPan(node: IseNode, expiry: GuestExpiry): PrimaryPan {
  const passwordExpiry = watchPasswordExpiry(node);
  const secretExpiry = watchSecretExpiry(node);
  const releases: ReleaseDuty[] = [];
  let holding = false;
  const begin = async () => {
    for (const takeUp of [() => expiry.begin(), () => passwordExpiry.begin(), () => secretExpiry.begin()]) {
      const release = await takeUp();
      // Meanwhile the duty may have moved on.
      if (holding) releases.push(release);
      else release();
    }
  };
  const end = () => {
    for (const release of releases.splice(0)) release();
  };
  return {
    take: async () => {
      holding = true;
      await begin();
      return () => {
        holding = false;
        end();
      };
    },
    renew: async () => {
      if (!holding) return;
      end();
      await begin();
    },
  };
}
