import { secretAlarmDaysMax } from '@isesim/domain';
import { map, names, numbers, words, yesOrNo } from '../fields.ts';
import { given } from '../given.ts';
import { setPage } from '../set-page.ts';
import { alarmSettingsText } from '../settings-pages-text.ts';
import { action } from '../step.ts';

/** What is left out stays as it is on the page. */
export const setAlarmSettings = action({
  verb: 'alarm-settings set',
  does: 'change Alarm Notification: one revision that replicates',
  examples: ['isesim alarm-settings set --from alarms@contoso.example', 'isesim alarm-settings set --additional-recipients noc@contoso.example,duty@contoso.example', 'isesim alarm-settings set --client-secret-days 60,14 --client-secret-daily false'],
  fields: map({
    from: words.optional().describe('From address of alarms'),
    additionalRecipients: names.optional().describe('Who gets every alarm, besides administrators who asked for them; all of them, empty for none'),
    clientSecretDays: numbers(1, secretAlarmDaysMax).optional().describe('Days before its Expiry Date on which the alarm is raised that the client secret is about to expire'),
    clientSecretDaily: yesOrNo.optional().describe('From the last of these days on it is raised every day'),
  }),
  run: ({ deployment }, change) => setPage(deployment, { page: 'alarm-notification', change: given(change) }),
  says: ({ revision, value }) => `${alarmSettingsText(value)}\n\nsaved as revision ${revision}`,
});
