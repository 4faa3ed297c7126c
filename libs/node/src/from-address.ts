import type { HeldConfiguration, Notification } from '@isesim/domain';
import { pageOf } from './held-page.ts';

/**
 * Alarms have a sender of their own, guest mail the choice of Guest Email Settings. The sender of password reminders and of the
 * portals' test mail is not documented: the default From address of guest mail is ours, and so is another one for reminders.
 */
export function fromAddress({ purpose, sponsor }: Pick<Notification, 'purpose' | 'sponsor'>, held: HeldConfiguration): string {
  if (purpose === 'alarm') return pageOf(held, 'alarm-notification').from;
  const { from, useSponsorAddress } = pageOf(held, 'guest-email');
  if (purpose === 'password-expiry') return held.pages['password-policy']?.from ?? from;
  return (useSponsorAddress ? addressOf(sponsor, held) : undefined) ?? from;
}

function addressOf(sponsor: string | undefined, held: HeldConfiguration): string | undefined {
  return pageOf(held, 'sponsors').sponsors.find(({ name }) => name === sponsor)?.email;
}
