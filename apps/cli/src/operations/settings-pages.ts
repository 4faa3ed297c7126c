import type { Page, PageName } from '@isesim/domain';
import { alarmSettingsText, guestEmailText, logLevelsText, passwordPolicyText } from '@isesim/scenario';
import * as z from 'zod';
import { operation, type DeploymentHandle } from './operation.ts';

/** Guest Email Settings of the primary PAN. */
export const guestEmailShow = operation({
  takes: z.object({}),
  run: async ({ deployment }) => {
    const { page, revision } = await held(deployment, 'guest-email');
    return { answer: { ...page, revision }, says: guestEmailText(page) };
  },
});

/** Alarm Notification of the primary PAN. */
export const alarmSettingsShow = operation({
  takes: z.object({}),
  run: async ({ deployment }) => {
    const { page, revision } = await held(deployment, 'alarm-notification');
    return { answer: { ...page, revision }, says: alarmSettingsText(page) };
  },
});

/** The password policy of the primary PAN: reminders and their sender. */
export const passwordPolicyShow = operation({
  takes: z.object({}),
  run: async ({ deployment }) => {
    const { page, revision } = await held(deployment, 'password-policy');
    return { answer: { ...page, revision }, says: passwordPolicyText(page) };
  },
});

/** Debug Log Configuration of the primary PAN: what differs from the default. */
export const logLevelShow = operation({
  takes: z.object({}),
  run: async ({ deployment }) => {
    const { pages, revision } = await deployment.ask(deployment.holderOf('primary PAN'), 'show-settings', {});
    const { levels } = (pages['log-levels'] ?? { levels: [] }) as Page<'log-levels'>;
    return { answer: { levels, revision }, says: logLevelsText(levels, deployment.nodes.map(({ name }) => name)) };
  },
});

async function held<Name extends PageName>(deployment: DeploymentHandle, name: Name): Promise<{ page: Page<Name>; revision: number }> {
  const { pages, revision } = await deployment.ask(deployment.holderOf('primary PAN'), 'show-settings', {});
  return { page: pages[name] as Page<Name>, revision };
}
