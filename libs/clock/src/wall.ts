/** Real time, handed in: paces the clock and notices that nothing moves. */
export interface Wall {
  now(): number;
  /** Calls back once after `ms`; the returned function cancels. */
  after(ms: number, call: () => void): () => void;
}
