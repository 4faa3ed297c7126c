import type { Grant, WorkReport } from '@isesim/domain';
import type { Msg, NatsConnection } from 'nats';
import { expect, it, onTestFinished, vi } from 'vitest';
import { ClockLink } from './clock-link.ts';
import { subjectsOf } from './streams.ts';

const subjects = subjectsOf('d');

/** A connection that keeps what is published and delivers what the test says. */
function wire() {
  const published: { subject: string; value: unknown }[] = [];
  const callbacks = new Map<string, (error: null, message: Msg) => void>();
  const connection = {
    isClosed: () => false,
    publish: (subject: string, data: string) => published.push({ subject, value: JSON.parse(data) as unknown }),
    subscribe: (subject: string, { callback }: { callback: (error: null, message: Msg) => void }) => callbacks.set(subject, callback),
  } as unknown as NatsConnection;
  const deliver = (subscribed: string, subject: string, value: unknown) => {
    callbacks.get(subscribed)?.(null, { subject, json: () => value } as unknown as Msg);
  };
  return { connection, published, deliver };
}

const grant = (number: number): Grant => ({ number, time: 0, go: true });
const report = (number: number, obeyed: number): WorkReport => ({
  agent: 'psn-1#1', number, obeyed, published: {}, taken: {}, asked: {}, asksTaken: {}, answered: {}, answersTaken: {},
  closes: 0, closesTaken: {}, connections: [], waiting: [], sleeping: [], asides: 0,
});

it('a grant that an idle agent has not obeyed is said again when the agent repeats its report', () => {
  const { connection, published, deliver } = wire();
  const link = new ClockLink({ connection, name: 'store', subjects });
  link.onReport(() => undefined);
  link.grant('psn-1', grant(1));
  deliver(subjects.work('*'), subjects.work('psn-1'), report(1, 0));
  expect(published).toHaveLength(1);
  deliver(subjects.work('*'), subjects.work('psn-1'), report(1, 0));
  expect(published.map(({ value }) => value)).toEqual([grant(1), grant(1)]);
  deliver(subjects.work('*'), subjects.work('psn-1'), report(2, 1));
  deliver(subjects.work('*'), subjects.work('psn-1'), report(2, 1));
  expect(published).toHaveLength(2);
});

it('an agent that hears a grant again says its last report again, and obeys once', () => {
  const { connection, published, deliver } = wire();
  const link = new ClockLink({ connection, name: 'psn-1', subjects });
  const obeyed: number[] = [];
  link.onGrant(({ number }) => { obeyed.push(number); });
  deliver(subjects.grant('psn-1'), subjects.grant('psn-1'), grant(1));
  link.report(report(1, 1));
  deliver(subjects.grant('psn-1'), subjects.grant('psn-1'), grant(1));
  expect(obeyed).toEqual([1]);
  expect(published.map(({ value }) => value)).toEqual([report(1, 1), report(1, 1)]);
});

it('a first report that nobody hears is said again soon, until there is a grant', () => {
  vi.useFakeTimers();
  onTestFinished(() => { vi.useRealTimers(); });
  const { connection, published, deliver } = wire();
  const link = new ClockLink({ connection, name: 'psn-1', subjects });
  link.onGrant(() => undefined);
  link.report(report(1, 0));
  vi.advanceTimersByTime(600);
  expect(published.map(({ value }) => value)).toEqual([report(1, 0), report(1, 0), report(1, 0)]);
  deliver(subjects.grant('psn-1'), subjects.grant('psn-1'), grant(1));
  vi.advanceTimersByTime(10_000);
  expect(published).toHaveLength(3);
});

it('a beat says the last report again, and nothing before there is one', () => {
  const { connection, published } = wire();
  const link = new ClockLink({ connection, name: 'psn-1', subjects });
  link.beat();
  expect(published).toEqual([]);
  link.report(report(1, 0));
  link.beat();
  expect(published).toHaveLength(2);
});
