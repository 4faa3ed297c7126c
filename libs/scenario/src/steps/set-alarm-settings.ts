import { map, names, words } from '../fields.ts';
import { setPage } from '../set-page.ts';
import { alarmSettingsText } from '../settings-pages-text.ts';
import { action } from '../step.ts';

/** What is left out stays as it is on the page. */
export const setAlarmSettings = action({
  verb: 'alarm-settings set',
  does: 'change Alarm Notification: one revision that replicates',
  examples: ['isesim alarm-settings set --from alarms@contoso.example', 'isesim alarm-settings set --additional-recipients noc@contoso.example,duty@contoso.example'],
  fields: map({
    from: words.optional().describe('From address of alarms'),
    additionalRecipients: names.optional().describe('Who gets every alarm, besides administrators who asked for them; all of them, empty for none'),
  }),
  run: ({ deployment }, { from, additionalRecipients }) =>
    setPage(deployment, { page: 'alarm-notification', change: { ...(from !== undefined && { from }), ...(additionalRecipients !== undefined && { additionalRecipients }) } }),
  says: ({ revision, value }) => `${alarmSettingsText(value)}\n\nsaved as revision ${revision}`,
});
