import type { WorkReport } from '@isesim/domain';
import { addressOf } from './names.ts';

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
  return [...each(view), ...asides(view)];
}

/** Nothing is on its way, and nothing is open but asides: whatever comes next may begin. Looks no further than to the first blocker. */
export function isSettled(view: QuietView): boolean {
  return each(view).next().done === true;
}

/** Settled, and no asides are open: `blockers` would be empty. */
export function isQuiet(view: QuietView): boolean {
  return isSettled(view) && asides(view).next().done === true;
}

type Blockers = Generator<string, void, undefined>;

// What an agent that is at work shows first comes first: most looks find the deployment busy.
function* each(view: QuietView): Blockers {
  const reports: [string, WorkReport][] = [];
  for (const [agent, report] of view.reports) {
    if (report) reports.push([agent, report]);
    else yield `${agent} has not reported yet`;
  }
  for (const [agent, report] of reports) {
    const given = view.granted.get(agent) ?? 0;
    if (report.obeyed !== given) yield `${agent} has not finished grant ${given} (has ${report.obeyed})`;
  }
  yield* streams(reports, view);
  yield* requests(reports, view);
  yield* sockets(reports, view);
}

function* asides({ reports }: QuietView): Blockers {
  for (const [agent, report] of reports) if (report && report.asides > 0) yield `${agent} has not finished ${report.asides} asides`;
}

type Reports = readonly (readonly [string, WorkReport])[];

function* streams(reports: Reports, { floor }: QuietView): Blockers {
  const written = new Map(Object.entries(floor));
  for (const [, { published }] of reports) {
    for (const stream in published) written.set(stream, Math.max(written.get(stream) ?? 0, published[stream] ?? 0));
  }
  for (const [agent, report] of reports) {
    for (const stream in report.taken) {
      const taken = report.taken[stream] ?? 0;
      const last = written.get(stream) ?? 0;
      if (taken < last) yield `${agent} has taken ${taken} of ${last} of stream ${stream}`;
    }
  }
}

function* requests(reports: Reports, { reports: byAgent }: QuietView): Blockers {
  for (const [from, { asked, answered }] of reports) {
    for (const to in asked) yield* untaken('requests', from, to, asked[to] ?? 0, byAgent.get(to)?.asksTaken);
    for (const to in answered) yield* untaken('replies', from, to, answered[to] ?? 0, byAgent.get(to)?.answersTaken);
  }
  for (const [agent, { asksTaken }] of reports) yield* unanswered(agent, asksTaken, byAgent);
}

/** What was sent to an agent that is gone is taken by nobody. */
function* untaken(kind: string, from: string, to: string, sent: number, takenByPeer: Readonly<Record<string, number>> | undefined): Blockers {
  const taken = takenByPeer ? (takenByPeer[from] ?? 0) : sent;
  if (taken < sent) yield `${kind} ${from} → ${to}: sent ${sent}, taken ${taken}`;
}

/** A request taken is answered within a piece of work, so a gap here is open work that a stale report does not show. */
function* unanswered(agent: string, asksTaken: Readonly<Record<string, number>>, byAgent: QuietView['reports']): Blockers {
  for (const from in asksTaken) {
    const taken = asksTaken[from] ?? 0;
    const asker = byAgent.get(from);
    const sent = asker ? (asker.asked[agent] ?? 0) : taken;
    if (sent < taken) yield `requests ${from} → ${agent}: taken ${taken}, reported as sent ${sent}`;
  }
}

function* sockets(reports: Reports, { double, addresses, closedBefore }: QuietView): Blockers {
  const far = reports.find(([agent]) => agent === double)?.[1];
  if (!far) return;
  const waiting = new Set(reports.flatMap(([, report]) => report.waiting));
  for (const connection of waiting) if (!far.sleeping.includes(connection)) yield `${connection} waits for Microsoft 365`;
  const known = new Set(addresses.values());
  for (const connection of far.sleeping) {
    if (known.has(addressOf(connection)) && !waiting.has(connection)) yield `Microsoft 365 sleeps for ${connection}, which waits no more`;
  }
  const closes = closesByAddress(reports, addresses);
  for (const address of known) {
    const before = closedBefore.has(address) ? closedBefore.get(address) : 0;
    const taken = far.closesTaken[address] ?? 0;
    if (before === undefined) yield `connections of a node that died at ${address} are not all closed yet`;
    else if (before + (closes.get(address) ?? 0) !== taken) {
      yield `connections from ${address}: ${before + (closes.get(address) ?? 0)} closed, Microsoft 365 has taken ${taken}`;
    }
  }
}

function closesByAddress(reports: Reports, addresses: QuietView['addresses']): Map<string, number> {
  const closes = new Map<string, number>();
  for (const [agent, report] of reports) {
    const address = addresses.get(agent);
    if (address !== undefined) closes.set(address, (closes.get(address) ?? 0) + report.closes);
  }
  return closes;
}
