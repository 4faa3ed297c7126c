export { assumeMonitoring } from './mnt.ts';
