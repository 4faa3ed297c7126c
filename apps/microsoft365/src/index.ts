export type { DoubleWork } from './client-connection.ts';
export { IdTaken } from './exchange/arrivals.ts';
export { startMicrosoft365, type Microsoft365, type Microsoft365Options } from './microsoft365.ts';
export { TenantState } from './tenant/tenant-state.ts';
export { runMicrosoft365, type RunningMicrosoft365 } from './run-microsoft365.ts';
