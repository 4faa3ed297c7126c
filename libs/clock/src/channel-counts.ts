export type Counts = Record<string, number>;

/**
 * What has crossed an agent's border so far, per channel and only ever more: the coordinator compares what one end has sent
 * with what the other has taken, and must never be misled by a report that is old.
 */
export class ChannelCounts {
  readonly published: Counts = {};
  readonly taken: Counts = {};
  readonly asked: Counts = {};
  readonly asksTaken: Counts = {};
  readonly answered: Counts = {};
  readonly answersTaken: Counts = {};
  readonly closesTaken: Counts = {};
  closes = 0;
  /** Of the double: those that are open, `address:port`. */
  readonly connections = new Set<string>();
  /** Connections on which a piece of work waits for the double. */
  readonly waiting = new Set<string>();
  /** Of the double: connections whose client waits for simulated time. */
  readonly sleeping = new Set<string>();
}

export function countOne(counts: Counts, peer: string): void {
  counts[peer] = (counts[peer] ?? 0) + 1;
}

export function raise(counts: Counts, stream: string, sequence: number): void {
  counts[stream] = Math.max(counts[stream] ?? 0, sequence);
}
