import * as z from 'zod';
import { standingFaultsSchema } from './fault.ts';
import { personas, roles } from './persona.ts';

/** An nkey of a NATS user. */
export const busKeySchema = z.object({ publicKey: z.string(), seed: z.string() });
export type BusKey = z.infer<typeof busKeySchema>;

/** What a nats-server asks of whoever it knows no nkey of. */
export const natsLoginSchema = z.union([z.object({ user: z.string(), pass: z.string() }), z.object({ token: z.string() })]);
export type NatsLogin = z.infer<typeof natsLoginSchema>;

export const deploymentNodeSchema = z.object({
  name: z.string(),
  fqdn: z.string(),
  address: z.string(),
  personas: z.array(z.enum(personas)),
  roles: z.object({ pan: z.enum(roles).optional(), mnt: z.enum(roles).optional() }),
});

export const endpointSchema = z.object({ host: z.string(), port: z.number() });
export type Endpoint = z.infer<typeof endpointSchema>;

const agentBoot = {
  deployment: z.string(),
  /** Counts the starts of this name in the life of the deployment. */
  incarnation: z.number(),
  nats: z.object({ url: z.string(), key: busKeySchema, login: natsLoginSchema.optional() }),
  /** Seeds all randomness of the deployment. */
  seed: z.number(),
  /** Simulated instant at which it is started. */
  time: z.number(),
  /** The agent's own folder. */
  folder: z.string(),
};

/** All that a node must be handed to start: its credentials file, readable by its owner alone. */
export const nodeBootSchema = z.object({
  ...agentBoot,
  node: deploymentNodeSchema,
  /** Seals and unseals the secrets of the configuration. */
  sealingKey: z.string(),
  /** Where names that ISE uses lead to, by `host:port`. */
  hosts: z.record(z.string(), endpointSchema),
  /** Where the name on the Proxy page leads to, whatever it is; nowhere when left out. */
  proxy: endpointSchema.optional(),
  /** Faults that stand for it from its start; none when left out. */
  faults: standingFaultsSchema.optional(),
});
export type NodeBoot = z.infer<typeof nodeBootSchema>;

/** The same for the Microsoft 365 double. The tenant's secrets are sealed. */
export const microsoft365BootSchema = z.object({
  ...agentBoot,
  sealingKey: z.string(),
  nodes: z.array(deploymentNodeSchema),
  evidence: z.enum(['address', 'ehlo']),
  tenant: z.unknown(),
  listen: z.string(),
  /** Faults that stand for it from its start; none when left out. */
  faults: standingFaultsSchema.optional(),
});
export type Microsoft365Boot = z.infer<typeof microsoft365BootSchema>;

/** What the double says when it is ready. */
export const microsoft365ReadySchema = z.object({
  login: endpointSchema,
  smtp: endpointSchema,
  /** A proxy (HTTP CONNECT) that leads to these two. */
  proxy: endpointSchema,
  roots: z.object({ 'entra-root': z.string(), 'exchange-root': z.string() }),
});
export type Microsoft365Ready = z.infer<typeof microsoft365ReadySchema>;
