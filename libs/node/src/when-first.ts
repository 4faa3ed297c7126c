import type { HeldConfiguration } from '@isesim/domain';
import type { SettingsReplication } from '@isesim/settings-replication';

/** Calls `then` as soon as the configuration held satisfies `test`, now or after a change, and never again. */
export async function whenFirst(settings: SettingsReplication, test: (held: HeldConfiguration) => boolean, then: () => Promise<void>): Promise<void> {
  let done = false;
  const look = async (held: HeldConfiguration) => {
    if (done || !test(held)) return;
    done = true;
    await then();
  };
  settings.onChange(look);
  await look(settings.held());
}
