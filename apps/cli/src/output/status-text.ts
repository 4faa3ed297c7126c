import type { NodeState } from '@isesim/deployment';
import type { Status } from '../operations/status.ts';
import { formatTable } from './table.ts';
import { paint, type Colour } from './terminal.ts';

/** A deployment as a person reads it: its nodes, its time, and where it listens; `kept` are others, which are stopped. */
export function statusText(status: Status, kept: readonly string[] = []): string {
  const { clock, nats, microsoft365, deployment, smtpServer } = status;
  const { login, smtp, caFile } = microsoft365;
  const places = [
    ['simulated time', `${clock.now} (${clock.time})`],
    ['SMTP server', smtpServer === 'configured' ? smtpServer : 'not configured: no mail leaves until it is entered again (isesim smtp set, test, save)'],
    ['NATS', nats.url],
    ['login.microsoftonline.com', `${login.host}:${login.port}`],
    ['smtp.office365.com', `${smtp.host}:${smtp.port}`],
    ['certificates to trust', caFile],
    ...(kept.length > 0 ? [['stopped and kept', kept.join(', ')]] : []),
  ];
  return `${nodesTable(status.nodes)}\n\n${formatTable(['deployment', deployment], places)}`;
}

export function nodesTable(nodes: readonly NodeState[]): string {
  const newest = Math.max(...nodes.map(({ settingsRevision }) => settingsRevision));
  const rows = nodes.map((node) => [node.name, node.fqdn, node.address, personasText(node), node.duties.join(', '), settingsText(node, newest), statusOf(node)]);
  return formatTable(['NODE', 'FQDN', 'ADDRESS', 'PERSONAS', 'DUTY', 'SETTINGS', 'STATUS'], rows, (cell, column) => (column === statusColumn ? paint(process.stdout, colourOf(cell), cell) : cell));
}

const statusColumn = 6;

/** `Disconnected (killed)` */
function statusOf({ status, reason }: Pick<NodeState, 'status' | 'reason'>): string {
  return reason === undefined ? status : `${status} (${reason})`;
}

/** The revision that a node holds, and which it lacks. */
function settingsText({ settingsRevision }: Pick<NodeState, 'settingsRevision'>, newest: number): string {
  return settingsRevision === newest ? String(newest) : `${settingsRevision} of ${newest}`;
}

/** `PAN primary, MnT secondary` */
export function personasText({ personas, roles }: Pick<NodeState, 'personas' | 'roles'>): string {
  const names = { pan: 'PAN', mnt: 'MnT', psn: 'PSN' } as const;
  return personas.map((persona) => [names[persona], persona === 'psn' ? undefined : roles[persona]].filter(Boolean).join(' ')).join(', ');
}

function colourOf(status: string): Colour {
  if (status === 'Connected') return 'green';
  return status === 'InProgress' ? 'yellow' : 'red';
}
