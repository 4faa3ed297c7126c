export type { Takes } from '@isesim/bus';
export { formatLogLine, guestLogName } from './guest-log.ts';
export { IseNode, type ReleaseDuty, type TakeDuty } from './ise-node.ts';
export type { Assume } from './join-deployment.ts';
export { runNodeProcess } from './node-process.ts';
export { startNode, type RunningNode, type StartOptions } from './start-node.ts';
