import type { JoinAnswer, JoinMessage, RemoteStart } from '@isesim/bus';
import type { Wall } from '@isesim/clock';
import { Problem, type NodeBoot } from '@isesim/domain';
import type { Launcher, RunningPart } from './launcher.ts';

export interface RemoteNodesOptions {
  /** Nodes that are started elsewhere. */
  readonly names: ReadonlySet<string>;
  readonly wall: Wall;
  /** Starts the node through the launcher, and is settled when it has started. */
  readonly start: (name: string) => Promise<void>;
  /** Takes a part that no longer lives out of the deployment. */
  readonly writeOff: (name: string) => Promise<void>;
  /** Nothing is heard of a node any more; and: it is heard of again. */
  readonly onSilent: (name: string) => void;
  readonly onHeard: (name: string) => void;
}

// A node says every second that it lives (libs/launch/src/remote-node.ts); one that hangs this long counts as paused.
const silentAfterMs = 6_000;
// A node that lives says so within this time.
const livesWithinMs = 3_000;
const joinsWithinMs = 30_000;
const leavesWithinMs = 4_000;

/**
 * Nodes that somebody starts elsewhere. Their life is with whoever runs them: the deployment starts none, kills none, and
 * learns their end from their silence.
 */
export class RemoteNodes {
  readonly #options: RemoteNodesOptions;
  readonly #parts = new Map<string, RemotePart>();
  readonly #offers = new Map<string, (boot: NodeBoot) => void>();
  readonly #joinedLooks = new Map<string, (() => void)[]>();

  constructor(options: RemoteNodesOptions) {
    this.#options = options;
  }

  has(name: string): boolean {
    return this.#options.names.has(name);
  }

  /** The same launcher, save that what starts elsewhere is only awaited. */
  launcher(here: Launcher): Launcher {
    return { ...here, startNode: (boot, signal) => (this.has(boot.node.name) ? this.#await(boot, signal) : here.startNode(boot, signal)) };
  }

  async answer(name: string, message: JoinMessage): Promise<JoinAnswer> {
    if (message.kind === 'join') return this.#join(name);
    const part = this.#parts.get(name);
    if (part?.incarnation !== message.incarnation) return { ends: true };
    if (message.kind === 'joined') part.joined();
    if (message.kind === 'left') part.left();
    part.heard();
    return { ends: part.ending };
  }

  /** Resolves when the node has joined. */
  joined(name: string): Promise<void> {
    if (this.#parts.get(name)?.hasJoined === true && !this.#offers.has(name)) return Promise.resolve();
    return new Promise((resolve) => {
      this.#joinedLooks.set(name, [...(this.#joinedLooks.get(name) ?? []), resolve]);
    });
  }

  async #join(name: string): Promise<JoinAnswer> {
    if (!this.has(name)) throw new Problem('refused', 'not-remote', `${name} is started by the deployment itself`, `Boot it with "isesim up --remote ${name}" to start it elsewhere.`);
    const before = this.#parts.get(name);
    if (before && (await before.lives(livesWithinMs))) throw new Problem('refused', 'running', `${name} is running already`, 'End it where it runs first.');
    if (this.#offers.has(name)) throw new Problem('refused', 'running', `${name} is being started already`, 'Wait for it.');
    if (before) {
      before.giveUp();
      await this.#options.writeOff(name);
    }
    return { start: startOf(await this.#offer(name)) };
  }

  #offer(name: string): Promise<NodeBoot> {
    return new Promise((resolve, reject) => {
      this.#offers.set(name, resolve);
      this.#options.start(name).then(() => { this.#tellJoined(name); }, reject).finally(() => this.#offers.delete(name));
    });
  }

  #tellJoined(name: string): void {
    for (const joined of this.#joinedLooks.get(name) ?? []) joined();
    this.#joinedLooks.delete(name);
  }

  async #await(boot: NodeBoot, signal?: AbortSignal): Promise<RunningPart> {
    const { name } = boot.node;
    const offer = this.#offers.get(name);
    if (!offer) throw new RangeError(`${name} has not asked to join`);
    const part = new RemotePart(boot.incarnation, this.#options.wall, {
      silent: () => { this.#options.onSilent(name); },
      heard: () => { this.#options.onHeard(name); },
      gone: () => { if (this.#parts.get(name) === part) this.#parts.delete(name); },
    });
    this.#parts.set(name, part);
    offer(boot);
    if (!(await part.joins(joinsWithinMs, signal))) {
      part.left();
      throw new Problem('could not run', 'node-start', `${name} asked to join and did not`, 'Look at what it says where it runs.');
    }
    return part.running();
  }
}

/** What a node elsewhere is told; its credentials and its folder it has already. */
function startOf({ deployment: _deployment, nats: _nats, sealingKey: _sealingKey, folder: _folder, ...start }: NodeBoot): RemoteStart {
  return start;
}

interface PartEvents {
  readonly silent: () => void;
  readonly heard: () => void;
  readonly gone: () => void;
}

class RemotePart {
  readonly incarnation: number;
  readonly #wall: Wall;
  readonly #events: PartEvents;
  readonly #looks = new Set<() => void>();
  readonly #gone: Promise<string | undefined>;
  #resolveGone!: (reason: string | undefined) => void;
  #cancelSilence: () => void = () => undefined;
  #silent = false;
  #isGone = false;
  ending = false;
  hasJoined = false;

  constructor(incarnation: number, wall: Wall, events: PartEvents) {
    this.incarnation = incarnation;
    this.#wall = wall;
    this.#events = events;
    this.#gone = new Promise((resolve) => { this.#resolveGone = resolve; });
  }

  joined(): void {
    this.hasJoined = true;
  }

  heard(): void {
    if (this.#isGone) return;
    if (this.#silent) this.#events.heard();
    this.#silent = false;
    this.#cancelSilence();
    if (this.hasJoined) {
      this.#cancelSilence = this.#wall.after(silentAfterMs, () => {
        this.#silent = true;
        this.#events.silent();
      });
    }
    this.#look();
  }

  left(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#cancelSilence();
    this.#resolveGone(this.ending ? undefined : 'it left where it runs');
    this.#events.gone();
    this.#look();
  }

  /** It no longer lives: nobody is to wait for it. */
  giveUp(): void {
    this.#silent = true;
    this.#cancelSilence();
  }

  /** True when it is heard of within `ms`. */
  async lives(ms: number): Promise<boolean> {
    let heard = false;
    await this.#until(() => heard || this.#isGone, ms, () => { heard = true; });
    return heard && !this.#isGone;
  }

  async joins(ms: number, signal: AbortSignal | undefined): Promise<boolean> {
    const abort = () => { this.left(); };
    signal?.addEventListener('abort', abort, { once: true });
    await this.#until(() => this.hasJoined || this.#isGone, ms);
    signal?.removeEventListener('abort', abort);
    return this.hasJoined && !this.#isGone;
  }

  running(): RunningPart {
    const leave = async () => {
      this.ending = true;
      if (!this.#silent) await this.#until(() => this.#isGone, leavesWithinMs);
      this.left();
    };
    return { pid: 0, gone: this.#gone, stop: leave, kill: leave, pause: () => undefined, resume: () => undefined };
  }

  #until(holds: () => boolean, ms: number, onLook: () => void = () => undefined): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        this.#looks.delete(look);
        cancel();
        resolve();
      };
      const look = () => {
        onLook();
        if (holds()) end();
      };
      const cancel = this.#wall.after(ms, end);
      this.#looks.add(look);
    });
  }

  #look(): void {
    for (const look of [...this.#looks]) look();
  }
}
