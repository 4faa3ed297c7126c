import { formatInstant, type Instant } from '@isesim/domain';

/** `2026-02-02 05:00`, UTC. */
export function timeText(instant: Instant): string {
  return formatInstant(instant).slice(0, '2026-02-02T05:00'.length).replace('T', ' ');
}
