import { operator, OutdatedWrite, requestTimeoutMs, type Bus, type Stream, type Verb } from '@isesim/bus';
import { Problem, type Clock, type Work } from '@isesim/domain';
import type { Reach } from './reach.ts';

/** The bus, as far as nodes use it. */
export type NodeBus = Pick<Bus, 'streams' | 'subjects' | 'follow' | 'write' | 'writeOnce' | 'writeFenced' | 'readLast' | 'readAll' | 'ask' | 'answer'>;

export interface ReachableBusOptions {
  readonly bus: NodeBus;
  readonly node: string;
  readonly reach: Reach;
  readonly clock: Clock & Work;
}

/**
 * The bus as far as the node reaches. The cut is at the node's own door, not in the connection: reports and grants of the clock
 * pass, and every message counts as taken when it arrives, so time goes on by the same rules.
 */
export function reachableBus(options: ReachableBusOptions): NodeBus {
  const { bus } = options;
  const alarms = owedAlarms(options);
  return {
    streams: bus.streams,
    subjects: bus.subjects,
    follow: (stream, take, rules = {}) => {
      const inTurn = heldWhileCut(options.reach);
      const taken = (message: Parameters<typeof take>[0]) => inTurn(() => take(message));
      const { onUnreadable } = rules;
      return bus.follow(stream, taken, { ...rules, ...(onUnreadable && { onUnreadable: (message) => { void inTurn(() => { onUnreadable(message); }); } }) });
    },
    ask: async (responder, verb, value) => {
      if (responder !== options.node) await reached(options, responder, verb);
      return bus.ask(responder, verb, value);
    },
    answer: (verb, answer) => {
      bus.answer(verb, async (value, asker) => {
        if (asker !== operator && asker !== options.node) await arrived(options, asker, verb);
        return answer(value, asker);
      });
    },
    ...writes(options, alarms),
    ...reads(options),
  };
}

function writes({ bus, reach, clock }: ReachableBusOptions, alarms: OwedAlarms): Pick<NodeBus, 'write' | 'writeOnce' | 'writeFenced'> {
  const needed = ({ name }: Stream<unknown>) => {
    // Outbox and accounts stand for the node's own disk; the configuration is written for the others.
    if (name === bus.streams.config.name && reach.cut !== 'none') throw reach.problem('change the configuration');
    if (reach.cut === 'no NATS') throw reach.problem(name === bus.streams.accounts.name ? 'write accounts' : 'take on new notifications');
  };
  return {
    write: async (stream, subject, value) => {
      needed(stream);
      return bus.write(stream, subject, value);
    },
    // What was begun before is finished, and its outcome follows.
    writeOnce: async (stream, subject, value) => {
      while (reach.cut === 'no NATS') await clock.slot(reach.restored());
      return bus.writeOnce(stream, subject, value);
    },
    writeFenced: async (stream, subject, value, fence) => {
      if (reach.cut !== 'none' && stream.name === bus.streams.alarms.name) return alarms.owe(subject, value);
      needed(stream);
      return bus.writeFenced(stream, subject, value, fence);
    },
  };
}

function reads({ bus, reach }: ReachableBusOptions): Pick<NodeBus, 'readLast' | 'readAll'> {
  const needed = ({ name }: Stream<unknown>) => {
    if (reach.cut === 'no NATS') throw reach.problem(name === bus.streams.accounts.name ? 'read accounts' : 'take on new notifications');
  };
  return {
    readLast: async (stream, subject) => {
      needed(stream);
      return bus.readLast(stream, subject);
    },
    readAll: async function* (stream, sequence) {
      needed(stream);
      yield* bus.readAll(stream, sequence);
    },
  };
}

/** Runs what comes one after the other, and holds it while the node is cut off. */
function heldWhileCut(reach: Reach): (run: () => Promise<void> | void) => Promise<void> {
  const held: (() => Promise<void> | void)[] = [];
  let catchingUp = false;
  reach.onRestored(async () => {
    catchingUp = true;
    try {
      for (let next = held.shift(); next; next = reach.cut === 'none' ? held.shift() : undefined) await next();
    } finally {
      catchingUp = false;
    }
  });
  return async (run) => {
    if (reach.cut === 'none' && !catchingUp && held.length === 0) await run();
    else held.push(run);
  };
}

interface OwedAlarms {
  owe(subject: string, value: unknown): number;
}

/** Alarms raised while the node is cut off: told to the others when it reaches them again. */
function owedAlarms({ bus, reach }: ReachableBusOptions): OwedAlarms {
  const owed = new Map<string, unknown>();
  reach.onRestored(async () => {
    for (const [subject, value] of owed) {
      await bus.writeFenced(bus.streams.alarms as Stream<unknown>, subject, value, 'subject is new').catch(unlessKnown);
      owed.delete(subject);
    }
  });
  return {
    owe: (subject, value) => {
      if (owed.has(subject)) throw new OutdatedWrite(subject);
      owed.set(subject, value);
      return 0;
    },
  };
}

function unlessKnown(error: unknown): void {
  if (!(error instanceof OutdatedWrite)) throw error;
}

/** Waits for an answer that cannot come, as long as a node waits for another; goes on when the cut ends before. */
async function reached({ reach, clock }: ReachableBusOptions, responder: string, verb: Verb): Promise<void> {
  const due = clock.now() + requestTimeoutMs;
  while (reach.cut !== 'none') {
    const { changing } = reach;
    try {
      await clock.sleep(due, changing);
    } catch (error) {
      if (!changing.aborted) throw error;
      continue;
    }
    throw reach.problem(`ask ${responder} to "${verb}"`);
  }
}

/** What another node asks arrives when the cut has ended; by then it may have given up. */
async function arrived({ reach, clock, node }: ReachableBusOptions, asker: string, verb: Verb): Promise<void> {
  const asked = clock.now();
  while (reach.cut !== 'none') await clock.slot(reach.restored());
  if (clock.now() - asked >= requestTimeoutMs) throw new Problem('refused', 'no-answer', `${node} heard too late that ${asker} asked for "${verb}"`, 'Ask again.');
}
