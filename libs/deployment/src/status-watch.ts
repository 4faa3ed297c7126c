import type { NodeReport } from '@isesim/bus';
import { Problem, type DeploymentNode, type Duty, type DutyHolders, type NodeStatus } from '@isesim/domain';
import { absenceText } from './absences.ts';
import type { Disturbances } from './disturbances.ts';
import type { NodeLives } from './node-lives.ts';

export interface NodeState {
  readonly name: string;
  readonly fqdn: string;
  readonly address: string;
  readonly personas: DeploymentNode['personas'];
  readonly roles: DeploymentNode['roles'];
  readonly duties: readonly Duty[];
  readonly status: NodeStatus;
  readonly settingsRevision: number;
  readonly pid: number | null;
  /** Why it is Disconnected. */
  readonly reason?: string;
}

export interface StatusWatchOptions {
  readonly nodes: readonly DeploymentNode[];
  /** How often each node had been started when the deployment was kept. */
  readonly incarnationsBefore: Readonly<Record<string, number>>;
  readonly lives: Pick<NodeLives, 'incarnation' | 'pidOf'>;
  readonly disturbances: Pick<Disturbances, 'absenceOf' | 'isCutOff'>;
  readonly holders: () => DutyHolders;
  readonly onStatus: (node: DeploymentNode, status: NodeStatus) => void;
}

/** What the nodes have told of themselves, and what follows from it and from what runs. */
export class StatusWatch {
  readonly #options: StatusWatchOptions;
  readonly #reports = new Map<string, NodeReport>();
  readonly #looks = new Set<() => void>();

  constructor(options: StatusWatchOptions) {
    this.#options = options;
  }

  /** What a node said before the deployment was kept does not count. */
  reported(report: NodeReport): void {
    const { nodes, incarnationsBefore, onStatus } = this.#options;
    if (report.incarnation <= (incarnationsBefore[report.node] ?? 0)) return;
    const known = this.#reports.get(report.node);
    this.#reports.set(report.node, report);
    const node = nodes.find(({ name }) => name === report.node);
    if (node && known?.status !== report.status) onStatus(node, report.status);
    this.look();
  }

  /** To be called when a node has come, gone or fallen silent. */
  look(): void {
    for (const look of this.#looks) look();
  }

  states(): NodeState[] {
    const { nodes, holders, lives, disturbances } = this.#options;
    const now = holders();
    return nodes.map((node) => {
      const report = this.#reports.get(node.name);
      const absence = disturbances.absenceOf(node.name);
      return {
        ...node,
        roles: rolesNow(node, now),
        duties: (['primary PAN', 'active MnT'] as const).filter((duty) => now[duty] === node.name),
        status: absence ? 'Disconnected' : (report?.status ?? 'InProgress'),
        settingsRevision: report?.settingsRevision ?? 0,
        pid: lives.pidOf(node.name),
        ...(absence && { reason: absenceText(absence) }),
      };
    });
  }

  /** Whether the SMTP Server page is filled in, by the newest settings that any node has told of. */
  smtpServer(): NonNullable<NodeReport['smtpServer']> {
    const [newest] = [...this.#reports.values()].sort((one, other) => other.settingsRevision - one.settingsRevision);
    return newest?.smtpServer ?? 'configured';
  }

  /** Resolves when all of `nodes` are Connected, save those that are cut off; rejects when one has ended. */
  untilConnected(nodes: readonly DeploymentNode[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        // A node that is cut off holds what it held before.
        const states = this.states().filter(({ name }) => nodes.some((node) => node.name === name) && !this.#options.disturbances.isCutOff(name));
        const gone = states.find(({ status }) => status === 'Disconnected');
        if (gone) reject(new Problem('could not run', 'node-lost', `${gone.name} ended while the deployment was starting`, `Look at its log: isesim logs ${gone.name}`));
        else if (states.some((state) => state.status !== 'Connected' || this.#isStale(state.name))) return;
        else resolve();
        this.#looks.delete(look);
      };
      this.#looks.add(look);
      look();
    });
  }

  /** A report of an earlier incarnation says nothing of the present one. */
  #isStale(name: string): boolean {
    return this.#reports.get(name)?.incarnation !== this.#options.lives.incarnation(name);
  }
}

/** A promotion changes the roles of both PANs. */
function rolesNow({ name, roles }: DeploymentNode, holders: DutyHolders): DeploymentNode['roles'] {
  return roles.pan === undefined ? roles : { ...roles, pan: holders['primary PAN'] === name ? 'primary' : 'secondary' };
}
