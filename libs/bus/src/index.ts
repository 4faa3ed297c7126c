export { accountsConfiguration, type DeploymentAccounts, type DeploymentKeys } from './accounts.ts';
export { Bus, requestTimeoutMs, type BusOptions, type FollowRules } from './bus.ts';
export { isPermissionViolation } from './permission-violation.ts';
export { OutdatedWrite } from './stream-writer.ts';
export { configurationWriter, promotionFault } from './promotion.ts';
export { createBusKey } from './keys.ts';
export { requests, type Answers, type Takes, type Verb } from './requests.ts';
export { microsoft365, operator } from './rights.ts';
export type { StoredMessage, UnreadableMessage } from './stored-message.ts';
export { createStreams, markKept, removeStreams, unmarkKept } from './store.ts';
export { lookAtServer, type ServerFindings, type ServerQuestion } from './look-at-server.ts';
export { answerJoins, JoinLink, type JoinAnswer, type JoinMessage, type RemoteStart } from './join.ts';
export { removeDeployment } from './remove-deployment.ts';
export type { ServerAccess } from './connect-options.ts';
export { answerPresence } from './presence.ts';
export {
  streamsOf,
  subjectsOf,
  type Account,
  type ConfigurationWrite,
  type NodeReport,
  type Stream,
  type Streams,
  type Subjects,
} from './streams.ts';
