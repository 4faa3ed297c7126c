import type { WorkReport } from '@isesim/domain';
import { expect, it } from 'vitest';
import { AgentClock } from './agent-clock.ts';

it('what was started from outside is in a report before anybody may ask whether all is quiet', async () => {
  const reports: WorkReport[] = [];
  const clock = new AgentClock({ agent: 'operator#1', start: 0, push: (report) => reports.push(report), onDefect: () => undefined });
  clock.hello();
  await clock.reported();
  expect(reports).toHaveLength(1);

  let answer: () => void = () => undefined;
  const asked = clock.start('ask', async () => {
    clock.asked('psn-1#1');
    await clock.reply(new Promise<void>((resolve) => { answer = resolve; }));
  });
  expect(reports.at(-1)?.asked).toEqual({});
  await clock.reported();
  expect(reports.at(-1)?.asked).toEqual({ 'psn-1#1': 1 });

  answer();
  await asked;
});
