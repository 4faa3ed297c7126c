import type { DeploymentCredentials } from '@isesim/deployment';
import type { NatsLogin } from '@isesim/domain';

/** How a deployment reaches a nats-server that others run. */
export interface NatsAccess {
  readonly url: string;
  readonly credentials: DeploymentCredentials;
  /** For a server that does not know the credentials' keys. */
  readonly login?: NatsLogin | undefined;
  /** True when the server knows the accounts of these credentials, so that it refuses what a node may not do. */
  readonly level2: boolean;
}

/** The nats-server of one deployment, its own or not. */
export interface DeploymentNats extends NatsAccess {
  /** Process id of the server that runs now. */
  readonly pid: () => number;
  /** Ends a server of its own; one that others run lives on. */
  stop(): Promise<void>;
  readonly livesOn: boolean;
}

export function natsOfOthers(access: NatsAccess): DeploymentNats {
  const pid = () => {
    throw new RangeError('this nats-server is no process of the deployment');
  };
  return { ...access, livesOn: true, pid, stop: () => Promise.resolve() };
}
