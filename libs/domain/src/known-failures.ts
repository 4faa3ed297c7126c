import { provider, type KnownFailure, type KnownLogLine } from './known-failure.ts';
import { failuresAtEntra } from './known-failures-at-entra.ts';
import { failuresAtExchange } from './known-failures-at-exchange.ts';
import { failuresOnTheWay } from './known-failures-on-the-way.ts';
import type { Outcome, Stage } from './outcome.ts';

/**
 * The one table of failures, tried from the top. Texts of ISE are those of Cisco document 225520 where `documented`; else they
 * follow from those, or are ours.
 */
export const knownFailures: readonly KnownFailure[] = [...failuresAtEntra, ...failuresOnTheWay, ...failuresAtExchange];

/** The first row that fits how an attempt ended. */
export function knownFailureOf(outcome: Outcome): KnownFailure | undefined {
  if (!('stage' in outcome)) return undefined;
  return knownFailures.find((row) => fits(row, outcome));
}

export function knownFailureNamed(id: string): KnownFailure | undefined {
  return knownFailures.find((row) => row.id === id);
}

/** What lines of guest.log tell of the settings of an attempt. */
export interface LoggedSettings {
  readonly host: string;
  readonly port: number;
  readonly connectionTimeoutMs: number;
}

/** What ISE writes into guest.log for it; `reason` is why the attempt ended. */
export function logTextOf({ message }: KnownLogLine, { host, port, connectionTimeoutMs }: LoggedSettings, reason = ''): string {
  const unknown = /ENOTFOUND (\S+)/.exec(reason)?.[1] ?? host;
  return message.replaceAll('{host}', host).replaceAll('{port}', String(port)).replaceAll('{timeoutMs}', String(connectionTimeoutMs)).replaceAll('{unknown}', unknown);
}

/**
 * The line of guest.log for an attempt that ended like this. Where there is no token, it is one of the token provider in any case;
 * else there is none for what is not known.
 */
export function logLineOf(outcome: Outcome, settings: LoggedSettings): KnownLogLine | undefined {
  if (!('stage' in outcome)) return undefined;
  const { stage, reason } = outcome;
  const log = knownFailureOf(outcome)?.log;
  if (log) return { logger: log.logger, message: logTextOf(log, settings, reason) };
  return stage === 'token' ? { logger: provider, message: `Error acquiring token: ${reason.replace(/^\S+, asked for an access token: /, '')}` } : undefined;
}

type Failed = Extract<Outcome, { stage: Stage }>;

function fits({ stages, codes, replies, reason }: KnownFailure, { stage, code = '', reply, reason: found }: Failed): boolean {
  if (stages.length > 0 && !stages.includes(stage)) return false;
  if (reason !== undefined && !found.includes(reason)) return false;
  if (codes.length > 0 && !codes.includes(code)) return false;
  const said = reply && [String(reply.code), `${reply.code} ${reply.enhanced ?? ''}`];
  return replies.length === 0 || (said?.some((each) => replies.includes(each)) ?? false);
}
