import { ErrorCode, NatsError, type NatsConnection } from 'nats';

const subject = (deployment: string) => `isesim.${deployment}.presence`;
const answerWithinMs = 1_000;

/** Says to whoever asks that this deployment runs: no other of its name may use the server meanwhile. */
export function answerPresence(connection: NatsConnection, deployment: string): void {
  connection.subscribe(subject(deployment), { callback: (_error, message) => { message.respond(); } });
}

/** True when a deployment of this name runs on the server. */
export async function isPresent(connection: NatsConnection, deployment: string): Promise<boolean> {
  try {
    await connection.request(subject(deployment), undefined, { timeout: answerWithinMs });
    return true;
  } catch (error) {
    if (error instanceof NatsError && [ErrorCode.NoResponders, ErrorCode.Timeout].map(String).includes(error.code)) return false;
    throw error;
  }
}
