export { bootDeployment, type TestBootOptions } from './boot-deployment.ts';
export { TestDeployment, type AlarmRequest, type GuestRequest } from './test-deployment.ts';
