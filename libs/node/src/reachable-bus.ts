import { operator, requestTimeoutMs, type Bus, type Stream, type Verb } from '@isesim/bus';
import { Problem, type Clock, type Instant, type Work } from '@isesim/domain';
import { InTurn } from './in-turn.ts';
import type { NatsWay } from './nats-way.ts';
import type { OwedAlarms } from './owed-alarms.ts';
import type { Reach } from './reach.ts';

/** The bus, as far as nodes use it. */
export type NodeBus = Pick<Bus, 'streams' | 'subjects' | 'follow' | 'write' | 'writeOnce' | 'writeFenced' | 'readLast' | 'readAll' | 'ask' | 'answer'>;

export interface ReachableBusOptions {
  readonly bus: NodeBus;
  readonly node: string;
  readonly reach: Reach;
  readonly way: NatsWay;
  readonly owed: OwedAlarms;
  readonly clock: Clock & Work;
}

/**
 * The bus as far as the node reaches, and as late as the way there is. Both are at the node's own door, not in the connection:
 * reports and grants of the clock pass, and every message counts as taken when it arrives, so time goes on by the same rules.
 * A message and its acknowledgement, or a question and its answer, are late once.
 */
export function reachableBus(options: ReachableBusOptions): NodeBus {
  const { bus, reach, way, clock } = options;
  return {
    streams: bus.streams,
    subjects: bus.subjects,
    follow: async (stream, take, rules = {}) => {
      const inTurn = new InTurn({ reach, way, work: clock });
      const taken = (message: Parameters<typeof take>[0]) => inTurn.run(() => take(message));
      const { onUnreadable } = rules;
      const follow = await bus.follow(stream, taken, { ...rules, ...(onUnreadable && { onUnreadable: (message) => inTurn.run(() => onUnreadable(message)) }) });
      return {
        catchUp: async () => {
          await follow.catchUp();
          await inTurn.begun();
        },
      };
    },
    ask: async (responder, verb, value) => {
      if (responder === options.node) return bus.ask(responder, verb, value);
      const due = clock.now() + requestTimeoutMs;
      await reached(options, responder, verb, due);
      return bus.ask(responder, verb, value, due - clock.now());
    },
    answer: (verb, answer) => {
      bus.answer(verb, async (value, asker) => {
        if (asker !== operator && asker !== options.node) await arrived(options, asker, verb);
        return answer(value, asker);
      });
    },
    ...writes(options),
    ...reads(options),
  };
}

function writes(options: ReachableBusOptions): Pick<NodeBus, 'write' | 'writeOnce' | 'writeFenced'> {
  const { bus, reach, way, owed, clock } = options;
  const needed = ({ name }: Stream<unknown>) => {
    // Outbox and accounts stand for the node's own disk; the configuration is written for the others.
    if (name === bus.streams.config.name && reach.cut !== 'none') throw reach.problem('it cannot change the configuration');
    if (reach.cut === 'no NATS') throw reach.problem(name === bus.streams.accounts.name ? 'it cannot write accounts' : 'it cannot take on new notifications');
  };
  const through = async (stream: Stream<unknown>) => {
    needed(stream);
    if (!way.late) return;
    await way.sent();
    needed(stream);
  };
  return {
    write: async (stream, subject, value) => {
      await through(stream);
      return bus.write(stream, subject, value);
    },
    // What was begun before is finished, and its outcome follows.
    writeOnce: async (stream, subject, value) => {
      await way.sent();
      while (reach.cut === 'no NATS') await clock.slot(reach.restored());
      return bus.writeOnce(stream, subject, value);
    },
    writeFenced: async (stream, subject, value, fence) => {
      const isAlarm = stream.name === bus.streams.alarms.name;
      if (isAlarm && owed.apply) {
        await owed.owe(subject, value);
        return 0;
      }
      await through(stream);
      const sequence = await bus.writeFenced(stream, subject, value, fence);
      if (isAlarm) owed.told(subject);
      return sequence;
    },
  };
}

function reads({ bus, reach, way }: ReachableBusOptions): Pick<NodeBus, 'readLast' | 'readAll'> {
  const through = async ({ name }: Stream<unknown>) => {
    await way.sent();
    if (reach.cut === 'no NATS') throw reach.problem(name === bus.streams.accounts.name ? 'it cannot read accounts' : 'it cannot take on new notifications');
  };
  return {
    readLast: async (stream, subject) => {
      await through(stream);
      return bus.readLast(stream, subject);
    },
    readAll: async function* (stream, sequence) {
      await through(stream);
      yield* bus.readAll(stream, sequence);
    },
  };
}

/** What comes of it when a node cannot be asked. */
const prevented: Partial<Record<Verb, string>> = { 'write-guest': 'no guest account can be written', 'write-guest-password': 'no password can be written' };

/** A node knows its own cut, and who takes no connections: it waits for no answer that cannot come. */
async function reached({ reach, way, clock, node }: ReachableBusOptions, responder: string, verb: Verb, due: Instant): Promise<void> {
  const consequence = prevented[verb] ?? `it cannot ask ${responder}`;
  if (reach.cut !== 'none') throw reach.problem(consequence);
  reach.assertThere(responder, consequence);
  if (!way.late) return;
  if ((await way.sent(due)) && clock.now() < due) return;
  throw new Problem('refused', 'no-answer', `${responder} did not answer "${verb}" within ${requestTimeoutMs / 1000} s: the way from ${node} to NATS takes as long`, 'See "isesim fault ls", and end it with "isesim heal --to nats".');
}

/** What another node asks arrives when the way has let it through and the cut has ended; by then that node may have given up. */
async function arrived({ reach, way, clock, node }: ReachableBusOptions, asker: string, verb: Verb): Promise<void> {
  const asked = clock.now();
  await way.taken();
  while (reach.cut !== 'none') await clock.slot(reach.restored());
  if (clock.now() - asked >= requestTimeoutMs) throw new Problem('refused', 'no-answer', `${node} heard too late that ${asker} asked for "${verb}"`, 'Ask again.');
}
