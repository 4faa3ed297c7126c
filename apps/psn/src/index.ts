export { assumePolicyService } from './psn.ts';
