import { lookAtServer, microsoft365, removeDeployment, type ServerFindings } from '@isesim/bus';
import type { DeploymentCredentials } from '@isesim/deployment';
import { Problem, type NatsLogin } from '@isesim/domain';
import type { NatsAccess } from './nats-access.ts';
import { messageMegabytes } from './nats-server.ts';

export interface ReachNatsOptions {
  readonly url: string;
  /** For a server that does not know the credentials' keys. */
  readonly login?: NatsLogin | undefined;
  /** The deployment's name. */
  readonly name: string;
  readonly credentials: DeploymentCredentials;
  /** It was kept and goes on with what the server holds of it. */
  readonly goesOn: boolean;
  /** Told what whoever boots should know and can live with. */
  readonly onNotice: (text: string) => void;
}

/** Access for one deployment to a server that others run, tried out. Throws a `Problem` when the deployment cannot run there. */
export async function reachNats(options: ReachNatsOptions): Promise<NatsAccess> {
  const { url, login, name, credentials, goesOn, onNotice } = options;
  const agents = { ...credentials.nodes, [microsoft365]: credentials.microsoft365 };
  const found = await lookAtServer({ url, login, deployment: name, store: credentials.store, agents });
  checkStreams(options, found);
  const access = { url, credentials, level2: found.level2, ...(found.level2 ? {} : { login }) };
  if (!goesOn && found.streams.length > 0) {
    onNotice(`removing what a deployment "${name}" that ended in a crash has left at ${url}`);
    await removeDeployment({ ...access, key: credentials.store }, name);
  }
  for (const notice of noticesOf(name, found)) onNotice(notice);
  return access;
}

/** Removes what a kept deployment has left on a server of others. */
export function forgetOnNats({ credentials, ...access }: NatsAccess, name: string): Promise<void> {
  return removeDeployment({ ...access, key: credentials.store }, name);
}

function checkStreams({ url, name, goesOn }: ReachNatsOptions, { present, streams }: ServerFindings): void {
  if (present) throw new Problem('refused', 'running', `a deployment "${name}" runs at ${url} already`, 'Stop it where it was started, or give this one another name.');
  const kept = streams.includes(`${name}_kept`);
  if (!goesOn && kept) throw new Problem('refused', 'kept-elsewhere', `${url} keeps a deployment "${name}" that another user or machine has stopped`, 'Go on with it there, or give this one another name.');
  if (goesOn && !kept) throw new Problem('could not run', 'kept-gone', `${url} no longer holds what was kept of "${name}"`, `Remove the rest: isesim down --deployment ${name}`);
}

function noticesOf(name: string, { level2, version, maxPayload }: ServerFindings): string[] {
  return [
    ...(level2 ? [] : [`level 2 is not enforced: this NATS server lets every node of "${name}" publish what it likes. "isesim nats-config" prints what it must include`]),
    ...(level2 && isOpenToOthers(version) ? [`nats-server ${version} lets whoever has JetStream rights act on other accounts' streams (CVE-2025-30215): use 2.10.27, 2.11.1 or newer where others share it`] : []),
    ...(maxPayload < messageMegabytes * 1024 * 1024 ? [`this NATS server takes messages of up to ${maxPayload} bytes; longer mails cannot be recorded. Set "max_payload: ${messageMegabytes}MB"`] : []),
  ];
}

/** True for 2.2.0–2.10.26 and 2.11.0. */
function isOpenToOthers(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  if (major !== 2) return false;
  return minor < 10 || (minor === 10 && patch < 27) || (minor === 11 && patch < 1);
}
