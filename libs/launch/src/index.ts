export { bootDeployment, type BootedDeployment, type BootOptions } from './boot-deployment.ts';
export { fetchNatsServer, findNatsServer, noNatsServer, startNatsServer, type NatsServer } from './nats-server.ts';
export { systemWall } from './system-wall.ts';
