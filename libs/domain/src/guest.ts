import * as z from 'zod';

/** A guest's states as the sponsor portal names them. */
export const guestStates = ['Created', 'Active', 'Pending Approval', 'Suspended', 'Expired', 'Denied'] as const;

export const guestSchema = z.object({
  id: z.string(),
  username: z.string(),
  password: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  email: z.string(),
  type: z.string(),
  portal: z.string(),
  /** The sponsor's user name; absent for a guest who registered. */
  sponsor: z.string().optional(),
  state: z.enum(guestStates),
  /** Simulated instants. */
  createdAt: z.number(),
  validFrom: z.number(),
  validTo: z.number(),
});
export type Guest = z.infer<typeof guestSchema>;

export const internalUserSchema = z.object({
  name: z.string(),
  email: z.string(),
  passwordChanged: z.number(),
  passwordNeverExpires: z.boolean(),
});
export type InternalUser = z.infer<typeof internalUserSchema>;
