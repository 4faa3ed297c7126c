import type { Random } from './world.ts';

// In Cisco's logs the numbers go up to 140.
const adminThreads = 200;

/** One of the threads that serve ISE's admin interface, as guest.log names it; the same `cause` gives the same one. */
export function adminThread(random: Pick<Random, 'fraction'>, cause: string): string {
  return `admin-http-pool${Math.floor(random.fraction(`admin interface ${cause}`) * adminThreads)}`;
}
