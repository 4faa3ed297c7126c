import { createServer } from 'node:net';

/** Where the system has 127.0.0.1 alone (macOS), a node cannot have an address of its own and EHLO must be the evidence. */
export function loopbackEvidence(): Promise<'address' | 'ehlo'> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => { resolve('ehlo'); });
    probe.listen(0, '127.83.0.1', () => {
      probe.close(() => { resolve('address'); });
    });
  });
}
