import type { WorkReport } from '@isesim/domain';
import { addressOf } from './agent-clock.ts';

export interface QuietView {
  /** The latest report of each live agent; undefined when it has sent none yet. */
  readonly reports: ReadonlyMap<string, WorkReport | undefined>;
  /** Number of the last grant given to each live agent. */
  readonly granted: ReadonlyMap<string, number>;
  /** Last sequences of streams, learned when an agent that could write to them died. */
  readonly floor: Readonly<Record<string, number>>;
  /** The double, whose sleeps and connections are compared with the nodes' own. */
  readonly double: string | undefined;
  /** Where each agent's connections to the double come from. A connection from elsewhere does not hold time up. */
  readonly addresses: ReadonlyMap<string, string>;
  /** Closes that the double took of incarnations that are gone, by address; undefined while it may take more of them. */
  readonly closedBefore: ReadonlyMap<string, number | undefined>;
}

/**
 * What keeps the deployment from being quiet, in words; empty when it is quiet. One look at the latest reports is enough,
 * stale or not, because every count is per channel and cumulative (Mattern's channel counting): if something had started
 * after its agent's report, some message of that channel would be counted as sent and not as taken.
 */
export function blockers(view: QuietView): string[] {
  const reports = [...view.reports].flatMap(([agent, report]) => (report ? [[agent, report] as const] : []));
  return [
    ...[...view.reports].flatMap(([agent, report]) => (report ? [] : [`${agent} has not reported yet`])),
    ...reports.flatMap(([agent, report]) => grants(agent, report, view)),
    ...streams(reports, view),
    ...requests(reports, view),
    ...sockets(reports, view),
  ];
}

type Reports = readonly (readonly [string, WorkReport])[];

function grants(agent: string, report: WorkReport, view: QuietView): string[] {
  const given = view.granted.get(agent) ?? 0;
  return report.obeyed === given ? [] : [`${agent} has not finished grant ${given} (has ${report.obeyed})`];
}

function streams(reports: Reports, { floor }: QuietView): string[] {
  const written: Record<string, number> = { ...floor };
  for (const [, report] of reports) {
    for (const [stream, sequence] of Object.entries(report.published)) {
      written[stream] = Math.max(written[stream] ?? 0, sequence);
    }
  }
  return reports.flatMap(([agent, report]) =>
    Object.entries(report.taken).flatMap(([stream, taken]) =>
      taken >= (written[stream] ?? 0) ? [] : [`${agent} has taken ${taken} of ${written[stream]} of stream ${stream}`],
    ),
  );
}

function requests(reports: Reports, { reports: byAgent }: QuietView): string[] {
  const found: string[] = [];
  const compare = (kind: string, from: string, sent: Record<string, number>, takenBy: (peer: WorkReport) => Record<string, number>) => {
    for (const [to, count] of Object.entries(sent)) {
      const peer = byAgent.get(to);
      const taken = peer ? (takenBy(peer)[from] ?? 0) : count;
      if (taken < count) found.push(`${kind} ${from} → ${to}: sent ${count}, taken ${taken}`);
    }
  };
  for (const [agent, report] of reports) {
    compare('requests', agent, report.asked, (peer) => peer.asksTaken);
    compare('replies', agent, report.answered, (peer) => peer.answersTaken);
  }
  return [...found, ...unanswered(reports, byAgent)];
}

/** A request taken is answered within a piece of work, so a gap here is open work that a stale report does not show. */
function unanswered(reports: Reports, byAgent: QuietView['reports']): string[] {
  return reports.flatMap(([agent, report]) =>
    Object.entries(report.asksTaken).flatMap(([from, taken]) => {
      const asker = byAgent.get(from);
      const sent = asker ? (asker.asked[agent] ?? 0) : taken;
      return sent >= taken ? [] : [`requests ${from} → ${agent}: taken ${taken}, reported as sent ${sent}`];
    }),
  );
}

function sockets(reports: Reports, { double, addresses, closedBefore }: QuietView): string[] {
  const far = reports.find(([agent]) => agent === double)?.[1];
  if (!far) return [];
  const known = new Set(addresses.values());
  const waiting = new Set(reports.flatMap(([, report]) => report.waiting));
  return [
    ...[...waiting].filter((each) => !far.sleeping.includes(each)).map((each) => `${each} waits for Microsoft 365`),
    ...far.sleeping
      .filter((each) => known.has(addressOf(each)) && !waiting.has(each))
      .map((each) => `Microsoft 365 sleeps for ${each}, which waits no more`),
    ...[...known].flatMap((address) => {
      const before = closedBefore.has(address) ? closedBefore.get(address) : 0;
      if (before === undefined) return [`connections of a node that died at ${address} are not all closed yet`];
      const live = reports.filter(([agent]) => addresses.get(agent) === address);
      const closes = live.reduce((sum, [, report]) => sum + report.closes, before);
      const taken = far.closesTaken[address] ?? 0;
      return closes === taken ? [] : [`connections from ${address}: ${closes} closed, Microsoft 365 has taken ${taken}`];
    }),
  ];
}
