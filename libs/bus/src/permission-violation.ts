import { ErrorCode, NatsError } from 'nats';

/** True when the server refused the credentials or a subject. */
export function isPermissionViolation(error: unknown): boolean {
  return error instanceof NatsError && (error.code === ErrorCode.PermissionsViolation.valueOf() || error.code === ErrorCode.AuthorizationViolation.valueOf());
}
