export { addressOf, AgentClock, DeadlinePassed, type AgentClockOptions } from './agent-clock.ts';
export { blockers, type QuietView } from './blockers.ts';
export { Coordinator, nameOf, type Admission, type CoordinatorOptions, type Pace, type Wall } from './coordinator.ts';
export { LocalLink } from './local-link.ts';
