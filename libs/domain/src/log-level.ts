import type { LogLevel } from './world.ts';

/** The components of guest.log whose level can be set for a node (Cisco document 225520). */
export const logComponents = ['guestaccess', 'guest-access-admin'] as const;
export type LogComponent = (typeof logComponents)[number];

/** Each includes those before it. */
export const logLevels = ['ERROR', 'WARN', 'INFO', 'DEBUG'] as const satisfies readonly LogLevel[];

// Which level ISE has by default is not documented for these components; INFO shows each mail and no more.
export const defaultLogLevel: LogLevel = 'INFO';

export interface SetLogLevel {
  readonly node: string;
  readonly component: LogComponent;
  readonly level: LogLevel;
}

const packages: readonly (readonly [prefix: string, component: LogComponent])[] = [
  ['cpm.admin.guestaccess.', 'guest-access-admin'],
  ['cpm.guestaccess.', 'guestaccess'],
];

/** The component to which a class belongs, by its package (inferred); undefined for a class that is not of guest.log in ISE. */
export function logComponentOf(logger: string): LogComponent | undefined {
  return packages.find(([prefix]) => logger.startsWith(prefix))?.[1];
}

/** The level of a node's component, as `levels` has it, else the default. */
export function logLevelOf(levels: readonly SetLogLevel[], node: string, component: LogComponent | undefined): LogLevel {
  return levels.find((each) => each.node === node && each.component === component)?.level ?? defaultLogLevel;
}
