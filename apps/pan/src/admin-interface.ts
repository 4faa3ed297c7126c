import { adminThread, Problem } from '@isesim/domain';
import type { IseNode } from '@isesim/node';
import type { PageVisit } from './smtp-server-log.ts';

/** Settings are changed, and accounts written, where they are replicated from. */
export function assertPrimary(node: IseNode): void {
  if (node.holds('primary PAN')) return;
  throw new Problem('refused', 'not-primary', `${node.self.name} is not the primary PAN (${node.holders()['primary PAN'] ?? 'none'} is)`, 'Do this on the primary PAN.');
}

/** An administrator's next visit: one of the threads that serve the admin interface, and the first administrator there is. */
export function visitOf(node: IseNode, what: string): PageVisit {
  return { thread: adminThread(node.world.random, `${what} ${node.world.clock.now()}`), user: node.page('administrators').administrators[0]?.name ?? 'admin' };
}
