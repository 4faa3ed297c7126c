export { formatLogLine, guestLogName } from './guest-log.ts';
export { IseNode, type ReleaseDuty, type TakeDuty } from './ise-node.ts';
export { runNodeProcess } from './node-process.ts';
export { startNode, type Assume, type RunningNode, type StartOptions } from './start-node.ts';
