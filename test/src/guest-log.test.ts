import { bootDeployment } from '@isesim/testing';
import { expect, it } from 'vitest';

// What Cisco document 225520 shows took 4.8 s: one second to connect, the rest to submit, say.
const topology = `
name: lab
startTime: 2026-02-02T05:17:34Z
nodes:
  - { name: sa-ise35-1, pan: primary, mnt: primary, psn: true }
microsoft365:
  latency: { connect: 1s, submit: 3.756s }
`;

const retries = 'cpm.guestaccess.apiservices.util.SmtpMsgRetryThreadUtil';

it('the test mail of a portal is logged in the lines of the Cisco document, timed by the simulated clock', async () => {
  await using deployment = await bootDeployment(topology);
  await deployment.sendTestMail('tester@contoso.example');
  await deployment.clock.advance('1m');
  const lines = (await deployment.guestLog('sa-ise35-1')).split('\n').filter((line) => line.includes(retries) && line.includes('05:17:3'));
  const begin = (time: string, thread: string, user: string) => `2026-02-02 05:17:${time} INFO   [${thread}][[]] ${retries} -::${user}:::-`;
  const asked = begin('34,000', 'admin-http-pool', 'admin');

  expect(lines.map((line) => line.replace(/admin-http-pool\d+/, 'admin-http-pool'))).toEqual([
    `${asked} sendMailMessage: Submitting Mail Job`,
    `${asked} submitMailMsgJob: SMTP server FQDN ==> smtp.office365.com`,
    `${asked} sendMailMessage: Time taken for Submitting mail job is 0 Milli seconds.`,
    `${asked} sendMailMessage: Calling Future.get....`,
    `${begin('34,000', 'GUEST_ACCESS_SMTP_RETRY_THREAD', '')} submitMailMsgJob: Creating transport object...`,
    `${begin('38,756', 'GUEST_ACCESS_SMTP_RETRY_THREAD', '')} submitMailMsgJob: Time taken for transport.sendMessage() call is 4756 Milli Seconds.`,
    `${begin('38,756', 'admin-http-pool', 'admin')} sendMailMessage: Future.get status: success Time taken for Future.get method call is 4756 Milliseconds.`,
  ]);
});

it('a node whose log level is DEBUG tells of each mail session, and no other node does', async () => {
  await using deployment = await bootDeployment(`
name: levels
startTime: 2026-02-02T05:17:34Z
nodes:
  - { name: ise-1, pan: primary, mnt: secondary }
  - { name: ise-2, pan: secondary, mnt: primary }
  - { name: psn, psn: true, count: 2 }
`);
  await deployment.setLogLevel({ node: 'ise-2', component: 'guestaccess', level: 'DEBUG' });
  await deployment.raiseAlarm({ name: 'High Load Average', node: 'psn-1' });
  await deployment.createGuest({ node: 'psn-1', email: 'ana@guest.example' });
  await deployment.mails();
  const session = (log: string) => log.split('\n').filter((line) => line.includes(' DEBUG ')).map((line) => line.replace(/^.*?\[/, '['));

  const begin = '[MnT-AlarmWorkerMail-Threadpool-0][[]] cpm.guestaccess.apiservices.util.SmtpSession -:::::-';
  const lines = [
    `${begin} SMTP settings : Username : no-reply@contoso.onmicrosoft.com Port : 587 timeout : 60 isSSLEnabled: true isAuthEnabled true Server: smtp.office365.com`,
    `${begin} Setting MailSessionProperties`,
    `${begin} Set the FQDN : ise-2.ise.example`,
  ];
  expect(session(await deployment.guestLog('ise-2'))).toEqual([...lines, ...lines]);
  expect(session(await deployment.guestLog('psn-1'))).toEqual([]);
});
