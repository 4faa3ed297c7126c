import { requests } from '@isesim/bus';
import { Problem } from '@isesim/domain';
import { z } from 'zod';
import { operation } from './operation.ts';

const { portal, to } = requests['send-test-mail'].takes.shape;

/** "Send test email" on the page of a portal: done in the admin interface, on the primary PAN. */
export const portalTestMail = operation({
  takes: z.object({ portal: portal.optional(), to }),
  run: async ({ deployment }, given) => {
    const { portals } = deployment.topology;
    const name = given.portal ?? portals[0]?.name;
    if (name === undefined) throw new Problem('wrong input', 'portal', 'the deployment has no portal', 'Give the topology one, under "portals".');
    const node = deployment.holderOf('primary PAN');
    const { notificationId } = await deployment.ask(node, 'send-test-mail', { portal: name, to: given.to });
    return { notificationId, portal: name, to: given.to, node };
  },
});
