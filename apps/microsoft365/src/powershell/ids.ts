import type { Random } from '@isesim/domain';
import type { Context } from './cmdlets/cmdlet.ts';

/** A GUID that follows from `cause` alone: of what has always been there and needs no memory. */
export function derivedGuid(random: Random, cause: string): string {
  const hex = random.text(`guid ${cause}`, 32, '0123456789abcdef');
  // Version 4, variant 1 (RFC 9562 §5.4).
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** A GUID that nothing had before: every change of the tenant gives others. */
export function newGuid({ random, tenant }: Context, cause: string): string {
  return derivedGuid(random, `${cause} ${tenant.kept.changes}`);
}

/** A security identifier: three numbers for the tenant, one for its member. */
export function sidOf({ random, tenant }: Pick<Context, 'random' | 'tenant'>, member: string): string {
  const { tenantId } = tenant.current;
  const ofTenant = [1, 2, 3].map((part) => digits(random, `sid ${tenantId} ${part}`, 10));
  return `S-1-5-21-${ofTenant.join('-')}-${digits(random, `sid ${tenantId} ${member.toLowerCase()}`, 8)}`;
}

/** A number of so many digits that fits into 32 bits. */
function digits(random: Random, cause: string, count: number): string {
  return `${random.text(`${cause} begin`, 1, '123')}${random.text(cause, count - 1, '0123456789')}`;
}
