import { Problem } from '@isesim/domain';
import type { IseNode } from '@isesim/node';
import type { PageVisit } from './smtp-server-log.ts';

// In Cisco's logs the numbers go up to 139.
const threads = 200;

/** Settings are changed where they are replicated from. */
export function assertPrimary(node: IseNode): void {
  if (node.holds('primary PAN')) return;
  throw new Problem('refused', 'not-primary', `${node.self.name} is not the primary PAN (${node.holders()['primary PAN'] ?? 'none'} is)`, 'Change settings on the primary PAN.');
}

/** An administrator's next visit: one of the threads that serve the admin interface, and the first administrator there is. */
export function visitOf(node: IseNode, what: string): PageVisit {
  const number = Math.floor(node.world.random.fraction(`admin interface ${what} ${node.world.clock.now()}`) * threads);
  return { thread: `admin-http-pool${number}`, user: node.page('administrators').administrators[0]?.name ?? 'admin' };
}
