import { faultMistakes, linkFaultKinds, microsoft365FaultKinds, parseFault } from '@isesim/domain';
import { faultsText } from '../faults-text.ts';
import { choice, map, node, number, share, words } from '../fields.ts';
import { given } from '../given.ts';
import { action } from '../step.ts';

const kinds = [...linkFaultKinds, ...microsoft365FaultKinds] as const;

/** Which parameters a fault takes, the fault itself knows. */
export const fault = action({
  verb: 'fault add',
  does: 'let something go wrong between a node and a host, or at Microsoft 365, until "heal"',
  examples: [
    'isesim fault add --node psn-2 --to smtp.office365.com --fault timeout',
    'isesim fault add --to login.microsoftonline.com --fault slow --delay 3s',
    'isesim fault add --node psn-2 --to nats --fault slow --delay 3s',
    'isesim fault add --fault exchange-421 --count 2',
  ],
  fields: map({
    node: node.optional().describe('The node that meets it. Default: every node'),
    to: words.optional().describe('The host, by the name that ISE uses, or `nats` for the way to the other nodes; not for faults of Microsoft 365'),
    fault: choice(kinds).describe('What goes wrong'),
    delay: words.optional().describe('`slow`: how much later, as 3s. Default: 10s'),
    rate: share.optional().describe('`loss`: the share that is lost, at most 1. Default: 0.1'),
    after: choice(['connect', 'data']).optional().describe('`reset`: when the connection is asked for, or once a message has gone out. Default: connect'),
    address: words.optional().describe('`wrong-dns`: the address that the name leads to. Default: it is not found'),
    count: number(1, 1_000_000).optional().describe('Faults of Microsoft 365: so many times. Default: until healed'),
    stage: choice(['connect', 'auth', 'mail', 'rcpt', 'data']).optional().describe('`exchange-…`: at which step it answers so'),
    retryAfter: words.optional().describe('`token-…`: what Entra ID says in Retry-After, as 30s'),
  }).superRefine((written, context) => {
    for (const { field, remedy } of faultMistakes(given(written))) context.addIssue({ code: 'custom', path: [field], message: remedy });
  }),
  run: async ({ deployment }, written) => {
    await deployment.addFault(parseFault(given(written)));
    return { faults: deployment.faults() };
  },
  says: ({ faults }) => faultsText(faults),
});
