import { Problem } from '@isesim/domain';
import type { IseNode } from '@isesim/node';
import { portalTestData } from '@isesim/notifications';

/** "Send test email" on a portal's page: done in the admin interface, so it proves the primary PAN's path alone (inferred). */
export function sendPortalTestMail(node: IseNode): void {
  let count = 0;
  node.answer('send-test-mail', async ({ portal, to }) => {
    const { portals } = node.page('portals');
    if (!portals.some(({ name }) => name === portal)) {
      throw new Problem('wrong input', 'portal', `there is no portal "${portal}"`, `Use one of ${portals.map(({ name }) => name).join(', ')}.`);
    }
    const now = node.world.clock.now();
    const id = `portal-test-${node.world.random.text(`portal-test ${portal} ${to} ${now} ${node.incarnation} ${count++}`, 12)}`;
    await node.notify({
      id,
      purpose: 'portal-test',
      template: 'portal-test',
      to: [to],
      data: portalTestData(portal),
      traceId: node.world.random.text(`trace ${id}`, 16),
      at: now,
    });
    return { notificationId: id };
  });
}
