import { microsoft365 } from '@isesim/bus';
import type { DeploymentNode, Fault, StandingFaults } from '@isesim/domain';
import { awayNodes, type Absence } from './absences.ts';
import { Faults, isOnTheWayToNats, type Disturbance, type Healed } from './faults.ts';
import type { StandingAtFirst } from './memory.ts';
import type { NodeLives } from './node-lives.ts';
import { TellFaults } from './tell-faults.ts';

export interface DisturbancesOptions {
  readonly nodes: readonly DeploymentNode[];
  /** The host names that ISE uses. */
  readonly hosts: readonly string[];
  /** What stands from the start. */
  readonly atFirst: StandingAtFirst;
  readonly lives: Pick<NodeLives, 'absenceOf' | 'isRemote' | 'listens' | 'resume'>;
  readonly primaryPan: () => string;
  readonly ask: (agent: string, standing: StandingFaults) => Promise<unknown>;
  /** Told when somebody may be reached no longer, or again. */
  readonly onChange: () => void;
}

/** All that is broken in a deployment: begun and healed here, and told to those whom it concerns. */
export class Disturbances {
  readonly #options: DisturbancesOptions;
  readonly #faults: Faults;
  readonly #tellFaults: TellFaults;

  constructor(options: DisturbancesOptions) {
    const { atFirst, nodes, hosts, lives, ask } = options;
    this.#options = options;
    const names = nodes.map(({ name }) => name);
    this.#faults = new Faults({ nodes: names, hosts: [...hosts, ...(atFirst.hosts ?? [])] });
    for (const node of atFirst.isolated) this.#faults.isolate(node);
    for (const fault of atFirst.faults) if (!isOnTheWayToNats(fault)) this.#faults.add(fault);
    this.#tellFaults = new TellFaults({ nodes: names, listens: (agent) => lives.listens(agent), ask, standingFor: (agent) => this.#standingFor(agent) });
  }

  /** What a node or the double is to know from its start. */
  atStart(agent: string): StandingFaults {
    return this.#tellFaults.atStart(agent);
  }

  /** Lets begin what stands from the start on the way to NATS: no node joins without NATS, nor learns late what it is to be. */
  async begin(): Promise<void> {
    const faults = this.#options.atFirst.faults.filter(isOnTheWayToNats);
    for (const fault of faults) this.#faults.add(fault);
    if (faults.length > 0) await this.#changed();
  }

  async add(fault: Fault): Promise<void> {
    this.#faults.add(fault);
    await this.#changed();
  }

  async isolate(node: string): Promise<void> {
    this.#faults.isolate(node);
    await this.#changed();
  }

  async heal(healed: Healed): Promise<void> {
    this.#faults.heal(healed);
    if (healed.to === undefined) await this.#options.lives.resume(healed.node === undefined ? undefined : [healed.node]);
    await this.#changed();
  }

  /** Tells everybody what has changed for them. */
  tell(): Promise<void> {
    return this.#tellFaults.tell();
  }

  learnHost(host: string): void {
    this.#faults.learnHost(host);
  }

  list(): Disturbance[] {
    return this.#faults.list();
  }

  /** What is to stand from the start when the deployment goes on later. */
  standing(): StandingAtFirst {
    return this.#faults.standing();
  }

  /** Why the others do not reach a node; undefined when they do. */
  absenceOf(node: string): Absence | undefined {
    return this.#options.lives.absenceOf(node) ?? this.#faults.cutOf(node);
  }

  isCutOff(node: string): boolean {
    return this.#faults.cutOf(node) !== undefined;
  }

  hasNoNats(node: string): boolean {
    return this.#faults.hasNoNats(node);
  }

  async #changed(): Promise<void> {
    await this.#tellFaults.tell();
    this.#options.onChange();
  }

  #standingFor(node: string): StandingFaults {
    if (node === microsoft365) return this.#faults.standingForMicrosoft365();
    const { nodes, lives, primaryPan } = this.#options;
    const pans = nodes.filter(({ personas }) => personas.includes('pan')).map(({ name }) => name);
    const away = awayNodes({ pans, asker: node, absenceOf: (name) => this.absenceOf(name), isRemote: (name) => lives.isRemote(name), primaryPan });
    return { ...this.#faults.standingFor(node), ...(Object.keys(away).length > 0 && { away }) };
  }
}
