import { expect, test } from 'vitest';
import { alarmKind } from './alarm-catalogue.ts';

// The two names are those of ISE's Alarm Settings page (Cisco document 225520); what the page does not tell is ours.
test.each([
  { name: 'SMTP OAuth Client Secret about to be expired', severity: 'Warning', description: 'The client secret of the SMTP server settings reaches its expiry date soon.' },
  { name: 'SMTP OAuth Client Secret is expired', severity: 'Critical', description: 'The client secret of the SMTP server settings has reached its expiry date.' },
])('the alarm "$name" is known by its name', (known) => {
  expect({ name: known.name, ...alarmKind(known.name) }).toMatchObject(known);
  expect(alarmKind(known.name).suggestedAction).toBe('Create a new client secret in Microsoft Entra ID and enter it on the SMTP Server page.');
});

test.each(['Fan Failed', 'constructor', '__proto__'])('an alarm of another name is a warning that its name describes: %s', (name) => {
  expect(alarmKind(name)).toEqual({ severity: 'Warning', description: name, suggestedAction: 'Look into its details.' });
});
