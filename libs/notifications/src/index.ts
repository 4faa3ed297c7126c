export { composeMail, type Sender } from './compose.ts';
export { deliver, type Delivery } from './deliver.ts';
export { endOf, type RetryLimits } from './next-step.ts';
export { Outbox, type OutboxOptions } from './outbox.ts';
export { alarmData } from './templates/alarm.ts';
export { guestCredentialsData, guestExpiryNoticeData, passwordResetData } from './templates/guest.ts';
export { adminPasswordReminderData, userPasswordReminderData } from './templates/password.ts';
export { portalTestData } from './templates/portal-test.ts';
export { sponsorCopyData, sponsorSummaryData } from './templates/sponsor.ts';
