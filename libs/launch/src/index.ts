export { bootDeployment, type BootedDeployment, type BootOptions } from './boot-deployment.ts';
export { keptDeploymentSchema, type KeptDeployment } from './kept-deployment.ts';
export type { NatsAccess } from './nats-access.ts';
export { remoteCredentialsSchema, type RemoteCredentials } from './remote-credentials.ts';
export { runRemoteNode, type RemoteNodeOptions } from './remote-node.ts';
export { forgetOnNats, reachNats, type ReachNatsOptions } from './reach-nats.ts';
export { startSharedNatsServer, type SharedNatsServer, type SharedNatsServerOptions, type SharingDeployment } from './shared-nats-server.ts';
export { fetchNatsServer, findNatsServer, noNatsServer, startNatsServer, type NatsServer } from './nats-server.ts';
export { systemWall } from './system-wall.ts';
