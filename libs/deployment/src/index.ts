export { assignAddresses } from './assign-addresses.ts';
export { Deployment, type DeploymentOptions, type NodeState, type Progress } from './deployment.ts';
export { createCredentials, deploymentCredentialsSchema, publicKeys, type DeploymentCredentials } from './keys.ts';
export type { Disturbance, Healed } from './faults.ts';
export type { Launcher, RunningPart } from './launcher.ts';
export { memorySchema, type Memory } from './memory.ts';
export type { OutboxEntry } from './read-outbox.ts';
export { fits, MailWatch, misfits, type MailFilter } from './mail-watch.ts';
