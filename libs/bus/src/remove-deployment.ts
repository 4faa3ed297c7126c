import { connect } from 'nats';
import { connectOptions, type ServerAccess } from './connect-options.ts';
import { removeStreams } from './store.ts';

/** Removes what a deployment that does not run has left on a server of others. `key` is that of the store's account. */
export async function removeDeployment(access: ServerAccess, deployment: string): Promise<void> {
  const connection = await connect({ ...connectOptions(access), reconnect: false, ignoreClusterUpdates: true });
  try {
    await removeStreams(connection, deployment);
  } finally {
    await connection.close();
  }
}
