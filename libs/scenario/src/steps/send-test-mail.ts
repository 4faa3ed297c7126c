import { Problem } from '@isesim/domain';
import { map, portal, words } from '../fields.ts';
import { action, bareField } from '../step.ts';

/** "Send test email" on the page of a portal: done in the admin interface, on the primary PAN. */
export const sendTestMail = action({
  verb: 'portal test-mail',
  does: 'send the test mail of a portal page, as an administrator does; it comes from the primary PAN',
  examples: ['isesim portal test-mail --to admin@contoso.example', 'isesim portal test-mail --portal self-registered --to admin@contoso.example'],
  fields: map({
    portal: portal.optional().describe('The portal whose page it is. Default: the first'),
    to: words.describe('Who gets it'),
  }),
  bare: bareField('to'),
  run: async ({ deployment }, given) => {
    const name = given.portal ?? deployment.topology.portals[0]?.name;
    if (name === undefined) throw new Problem('wrong input', 'portal', 'the deployment has no portal', 'Give the topology one, under "portals".');
    const sender = deployment.holderOf('primary PAN');
    const { notificationId } = await deployment.ask(sender, 'send-test-mail', { portal: name, to: given.to });
    return { notificationId, portal: name, to: given.to, node: sender };
  },
  says: ({ node, to }) => `asked of ${node}; its mail: isesim mail wait --purpose portal-test --to ${to}`,
});
