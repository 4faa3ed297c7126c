import type { Progress } from '@isesim/deployment';
import { note, paint, printable, showProgress } from './terminal.ts';

/** Shows how a boot goes on: a line for each part that is up, on a terminal; what goes wrong, everywhere. */
export function progressShower(nodesInAll: number): (progress: Progress) => void {
  const connected = new Set<string>();
  return (progress) => {
    switch (progress.kind) {
      case 'nats':
        showProgress(`NATS           ${progress.url}`);
        break;
      case 'microsoft365':
        showProgress(`Microsoft 365  login ${progress.ready.login.host}:${progress.ready.login.port}, SMTP ${progress.ready.smtp.host}:${progress.ready.smtp.port}`);
        break;
      case 'node': {
        const { node, status } = progress;
        // A node that comes back later is told by whoever started it again.
        if (status !== 'Connected' || connected.has(node.name)) break;
        connected.add(node.name);
        showProgress(`${node.name.padEnd(13)}  ${paint(process.stderr, 'green', status)}  ${node.fqdn} ${node.address}  ${connected.size}/${nodesInAll}`);
        break;
      }
      case 'lost':
        note(`${paint(process.stderr, 'red', 'lost')} ${progress.name}: ${printable(progress.reason)}`);
        break;
      case 'notice':
        note(printable(progress.text));
        break;
      case 'stalled':
        note(`still waiting for ${progress.blockers.join(', ')}`);
        break;
    }
  };
}
