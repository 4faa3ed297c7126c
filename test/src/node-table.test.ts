import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { nodeTable } from '@isesim/domain';
import { bootDeployment, type TestDeployment } from '@isesim/testing';
import '@isesim/testing/vitest';
import { describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../../topology');
const topologies = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

describe.each(topologies)('%s', (file) => {
  it(`sends each purpose's mail from the node of the table, and from no other`, async () => {
    await using deployment = await bootDeployment(join(folder, file));
    const psn = await makeEveryPurposeHappen(deployment);
    for (const { purpose, sender } of nodeTable) {
      expect(await deployment.mails({ purpose }), purpose).toHaveBeenSentBy(sender === 'serving PSN' ? psn : deployment.holderOf(sender));
    }
    await expect(deployment).toMatchNodeTable();
  });
});

it('the same holds when every node is a process of its own', async () => {
  await using deployment = await bootDeployment(join(folder, 'small.yaml'), { isolation: 'process' });
  await makeEveryPurposeHappen(deployment);
  for (const { purpose } of nodeTable) await expect(deployment).toHaveSent({ purpose });
  const mails = await deployment.mails();
  expect(mails.map(({ sentBy, remoteAddress }) => deployment.nodes.find(({ name }) => name === sentBy)?.address === remoteAddress)).not.toContain(false);
  await expect(deployment).toMatchNodeTable();
});

/** Returns the PSN that served the portals. */
async function makeEveryPurposeHappen(deployment: TestDeployment): Promise<string> {
  const psn = deployment.nodes.filter(({ personas }) => personas.includes('psn')).at(-1)?.name ?? '';
  await deployment.createGuest({ node: psn, type: 'Contractor', email: 'ana@guest.example', validFor: '5d' });
  await deployment.selfRegister({ node: psn, email: 'ben@guest.example', validFor: '1d' });
  for (const { name } of deployment.nodes) await deployment.raiseAlarm({ node: name, name: 'High CPU' });
  await deployment.sendTestMail({ to: 'tester@contoso.example' });
  await deployment.clock.advance('40d');
  return psn;
}
