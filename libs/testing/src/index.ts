export { bootDeployment, type TestBootOptions } from './boot-deployment.ts';
export { ExpectationMissed, type StepMethods } from './step-methods.ts';
export type { RunningDeployment, TestDeployment } from './test-deployment.ts';
