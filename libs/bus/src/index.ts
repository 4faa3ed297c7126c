export { accountsConfiguration, type DeploymentAccounts, type DeploymentKeys } from './accounts.ts';
export { Bus, isPermissionViolation, OutdatedWrite, requestTimeoutMs, type BusOptions, type FollowRules } from './bus.ts';
export { createBusKey } from './keys.ts';
export { guestFormSchema, requests, type Answers, type GuestForm, type Takes, type Verb } from './requests.ts';
export { microsoft365, microsoft365Rights, operator, operatorRights, rightsOf, type Rights } from './rights.ts';
export type { StoredMessage, UnreadableMessage } from './stored-message.ts';
export { createStreams, lastSequences, markKept, removeStreams, standingStreams, unmarkKept } from './store.ts';
export { lookAtServer, type ServerFindings, type ServerQuestion } from './look-at-server.ts';
export { answerJoins, JoinLink, remoteStartSchema, type JoinAnswer, type JoinMessage, type RemoteStart } from './join.ts';
export { removeDeployment } from './remove-deployment.ts';
export type { ServerAccess } from './connect-options.ts';
export { answerPresence } from './presence.ts';
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
