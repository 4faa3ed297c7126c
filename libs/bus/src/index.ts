export { accountsConfiguration, type DeploymentAccounts, type DeploymentKeys } from './accounts.ts';
export { Bus, isPermissionViolation, OutdatedWrite, requestTimeoutMs, type BusOptions, type FollowRules } from './bus.ts';
export { createBusKey } from './keys.ts';
export { guestFormSchema, requests, type Answers, type GuestForm, type Takes, type Verb } from './requests.ts';
export { microsoft365, microsoft365Rights, operator, operatorRights, rightsOf, type Rights } from './rights.ts';
export type { StoredMessage, UnreadableMessage } from './stored-message.ts';
export { createStreams, lastSequences } from './store.ts';
export {
  accountSchema,
  nodeReportSchema,
  streamsOf,
  subjectsOf,
  type Account,
  type ConfigurationWrite,
  type NodeReport,
  type Stream,
  type Streams,
  type Subjects,
} from './streams.ts';
