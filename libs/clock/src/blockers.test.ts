import type { WorkReport } from '@isesim/domain';
import { describe, expect, it } from 'vitest';
import { blockers, type QuietView } from './blockers.ts';

const pan = 'ise-1#1';
const psn = 'psn-1#1';
const double = 'microsoft365#1';

function report(agent: string, changes: Partial<WorkReport> = {}): WorkReport {
  return {
    agent,
    number: 1,
    obeyed: 1,
    published: {},
    taken: {},
    asked: {},
    asksTaken: {},
    answered: {},
    answersTaken: {},
    closes: 0,
    closesTaken: {},
    connections: [],
    waiting: [],
    sleeping: [],
    asides: 0,
    ...changes,
  };
}

interface Given {
  pan?: Partial<WorkReport>;
  psn?: Partial<WorkReport> | 'not yet' | 'gone';
  double?: Partial<WorkReport>;
  granted?: Record<string, number>;
  floor?: Record<string, number>;
  closedBefore?: Record<string, number | undefined>;
}

/** Two nodes and the double, of which each has obeyed its one grant; quiet but for what is given. */
function viewOf(given: Given): QuietView {
  const reports = new Map<string, WorkReport | undefined>([
    [pan, report(pan, given.pan)],
    [double, report(double, given.double)],
  ]);
  if (given.psn !== 'gone') reports.set(psn, given.psn === 'not yet' ? undefined : report(psn, given.psn));
  return {
    reports,
    granted: new Map([pan, psn, double].map((agent) => [agent, given.granted?.[agent] ?? 1])),
    floor: given.floor ?? {},
    double,
    addresses: new Map([[pan, '127.0.0.1'], [psn, '127.0.0.2']]),
    closedBefore: new Map(Object.entries(given.closedBefore ?? {})),
  };
}

describe('what keeps time from passing is named', () => {
  it.each<{ what: string; given: Given; blocker: string }>([
    {
      what: 'an agent that has not reported',
      given: { psn: 'not yet' },
      blocker: 'psn-1#1 has not reported yet',
    },
    {
      what: 'a grant whose work is not done',
      given: { granted: { [psn]: 3 } },
      blocker: 'psn-1#1 has not finished grant 3 (has 1)',
    },
    {
      what: "a stream's message that a follower has not taken",
      given: { pan: { published: { config: 7 } }, psn: { taken: { config: 6 } } },
      blocker: 'psn-1#1 has taken 6 of 7 of stream config',
    },
    {
      what: 'a message that a dead agent wrote without reporting it',
      given: { psn: { taken: { config: 6 } }, floor: { config: 7 } },
      blocker: 'psn-1#1 has taken 6 of 7 of stream config',
    },
    {
      what: 'a request on its way',
      given: { psn: { asked: { [pan]: 2 } }, pan: { asksTaken: { [psn]: 1 } } },
      blocker: 'requests psn-1#1 → ise-1#1: sent 2, taken 1',
    },
    {
      what: 'a request that its responder has never heard of',
      given: { psn: { asked: { [pan]: 1 } } },
      blocker: 'requests psn-1#1 → ise-1#1: sent 1, taken 0',
    },
    {
      what: 'a request taken whose asker has not reported since',
      given: { pan: { asksTaken: { [psn]: 1 } } },
      blocker: 'requests psn-1#1 → ise-1#1: taken 1, reported as sent 0',
    },
    {
      what: 'a reply on its way',
      given: { pan: { answered: { [psn]: 4 } }, psn: { answersTaken: { [pan]: 3 } } },
      blocker: 'replies ise-1#1 → psn-1#1: sent 4, taken 3',
    },
    {
      what: 'a node that waits for a double that does not sleep for it',
      given: { psn: { waiting: ['127.0.0.2:4000'] } },
      blocker: '127.0.0.2:4000 waits for Microsoft 365',
    },
    {
      what: 'a double that sleeps for a node that does not wait',
      given: { double: { sleeping: ['127.0.0.2:4000'] } },
      blocker: 'Microsoft 365 sleeps for 127.0.0.2:4000, which waits no more',
    },
    {
      what: 'a close on its way',
      given: { psn: { closes: 3 }, double: { closesTaken: { '127.0.0.2': 2 } } },
      blocker: 'connections from 127.0.0.2: 3 closed, Microsoft 365 has taken 2',
    },
    {
      what: 'a close taken whose node has not reported since',
      given: { double: { closesTaken: { '127.0.0.2': 1 } } },
      blocker: 'connections from 127.0.0.2: 0 closed, Microsoft 365 has taken 1',
    },
    {
      what: 'connections that a dead node may have left',
      given: { closedBefore: { '127.0.0.2': undefined } },
      blocker: 'connections of a node that died at 127.0.0.2 are not all closed yet',
    },
    {
      what: "a close on its way from a dead node's successor",
      given: { psn: { closes: 1 }, double: { closesTaken: { '127.0.0.2': 5 } }, closedBefore: { '127.0.0.2': 5 } },
      blocker: 'connections from 127.0.0.2: 6 closed, Microsoft 365 has taken 5',
    },
  ])('$what', ({ given, blocker }) => {
    expect(blockers(viewOf(given))).toEqual([blocker]);
  });

  it('all at once, when there is more than one', () => {
    const found = blockers(viewOf({ psn: { obeyed: 0, asked: { [pan]: 1 }, waiting: ['127.0.0.2:4000'] } }));

    expect(found).toEqual([
      'psn-1#1 has not finished grant 1 (has 0)',
      'requests psn-1#1 → ise-1#1: sent 1, taken 0',
      '127.0.0.2:4000 waits for Microsoft 365',
    ]);
  });
});

describe('time may pass', () => {
  it.each<{ what: string; given: Given }>([
    { what: 'when nothing was ever done', given: {} },
    { what: 'when a follower has taken all that was written', given: { pan: { published: { config: 7 } }, psn: { taken: { config: 7 } } } },
    { what: 'when a follower has taken what its writer has not reported yet', given: { psn: { taken: { config: 7 } } } },
    { what: 'when nobody follows the stream that was written', given: { pan: { published: { mail: 7 } } } },
    {
      what: 'when every request and reply has been taken',
      given: { psn: { asked: { [pan]: 2 }, answersTaken: { [pan]: 2 } }, pan: { asksTaken: { [psn]: 2 }, answered: { [psn]: 2 } } },
    },
    { what: 'when a request and a reply went to an agent that is gone', given: { psn: 'gone', pan: { asked: { [psn]: 1 }, answered: { [psn]: 1 } } } },
    { what: 'when an agent that is gone had asked', given: { psn: 'gone', pan: { asksTaken: { [psn]: 1 } } } },
    {
      what: 'when the double sleeps for whoever waits for it',
      given: { psn: { waiting: ['127.0.0.2:4000'] }, double: { sleeping: ['127.0.0.2:4000'] } },
    },
    { what: 'when every close has been taken', given: { psn: { closes: 2 }, double: { closesTaken: { '127.0.0.2': 2 } } } },
    {
      what: "when the closes taken are a dead node's and its successor's",
      given: { psn: { closes: 1 }, double: { closesTaken: { '127.0.0.2': 6 } }, closedBefore: { '127.0.0.2': 5 } },
    },
    {
      what: 'when somebody who is no node waits at the double or has closed',
      given: { double: { sleeping: ['127.0.0.9:4000'], closesTaken: { '127.0.0.9': 3 }, connections: ['127.0.0.9:4001'] } },
    },
  ])('$what', ({ given }) => {
    expect(blockers(viewOf(given))).toEqual([]);
  });

  it('where there is no double yet, whatever a node waits for', () => {
    const view = viewOf({ psn: { closes: 1 } });

    expect(blockers({ ...view, double: undefined })).toEqual([]);
  });
});
