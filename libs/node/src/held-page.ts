import { Problem, type HeldConfiguration } from '@isesim/domain';

/** A settings page as it is held. Throws when it is not there: `smtp-not-configured`, or `no-configuration` before it has arrived. */
export function pageOf<Name extends keyof HeldConfiguration['pages']>(held: HeldConfiguration, name: Name): NonNullable<HeldConfiguration['pages'][Name]> {
  const page = held.pages[name];
  if (page !== undefined) return page;
  if (name === 'smtp-server' && held.pages.deployment) throw smtpNotConfigured();
  throw new Problem('refused', 'no-configuration', `the configuration has no page ${name} yet`, 'Wait until the node is Connected.');
}

function smtpNotConfigured(): Problem {
  return new Problem('refused', 'smtp-not-configured', 'the SMTP server is not configured', 'Enter it with "isesim smtp set", then "isesim smtp test" and "isesim smtp save".');
}
