export { AgentClock, type AgentClockOptions } from './agent-clock.ts';
export { blockers, type QuietView } from './blockers.ts';
export { Coordinator, type CoordinatorOptions } from './coordinator.ts';
export { DeadlinePassed } from './deadline.ts';
export { LocalLink } from './local-link.ts';
export type { Admission } from './members.ts';
export { addressOf } from './names.ts';
export type { Pace } from './pacing.ts';
export type { Wall } from './wall.ts';
