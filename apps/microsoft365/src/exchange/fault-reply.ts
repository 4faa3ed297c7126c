import type { Microsoft365Fault } from '@isesim/domain';
import type { Stage } from '../faults.ts';
import type { Situation } from './replies.ts';

/** The reply that a fault puts in place of Exchange's own. Some of them have other words at one of the stages. */
export function faultReply({ fault }: Microsoft365Fault, stage: Stage): Situation {
  switch (fault) {
    case 'exchange-421':
      return stage === 'mail' ? 'submission rate exceeded' : 'service not available';
    case 'exchange-432':
      return 'too many at once';
    case 'exchange-451':
      return stage === 'rcpt' ? 'server busy' : 'in trouble';
    case 'token-429':
    case 'token-503':
      throw new RangeError(`${fault} is a fault of Entra ID`);
  }
}
