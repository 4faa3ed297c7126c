import type { LocalLink } from '@isesim/clock';
import type { Microsoft365Boot, Microsoft365Ready, NodeBoot } from '@isesim/domain';

/**
 * How the parts of a deployment are started: each as a process of its own, or inside the caller's. Handed in. `signal` ends a
 * start that is under way.
 */
export interface Launcher {
  /** Given where everything that it starts lives in this process: leads to their clocks. */
  readonly clockLink?: LocalLink;
  startMicrosoft365(boot: Microsoft365Boot, signal?: AbortSignal): Promise<{ readonly part: RunningPart; readonly ready: Microsoft365Ready }>;
  startNode(boot: NodeBoot, signal?: AbortSignal): Promise<RunningPart>;
}

/** A started part. */
export interface RunningPart {
  readonly pid: number;
  /** Asks it to leave in order; resolves when it is gone. */
  stop(): Promise<void>;
  /** Stops it where it is, as SIGSTOP does; `resume` lets it go on. */
  pause(): void;
  resume(): void;
  /** Ends it at once, as a power cut does; resolves when it is gone. */
  kill(): Promise<void>;
  /** Resolves when it is gone, with the reason when nobody asked for that. */
  readonly gone: Promise<string | undefined>;
}
