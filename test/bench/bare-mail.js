import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { createTransport } from 'nodemailer';

/** Mails a second of nodemailer's own pool against the same double, after `before` others: no outbox, no outcome, no duty check. */
export async function bareMail(deployment, before, count) {
  const { login, smtp, caFile } = deployment.microsoft365;
  const ca = readFileSync(caFile);
  const mailbox = 'no-reply@contoso.onmicrosoft.com';
  const accessToken = await token(login, ca);
  const pool = createTransport({
    pool: true,
    maxConnections: 3,
    maxMessages: Infinity,
    host: smtp.host,
    port: smtp.port,
    name: 'psn-1.ise.example',
    localAddress: deployment.nodes.find(({ name }) => name === 'psn-1').address,
    requireTLS: true,
    tls: { ca, servername: 'smtp.office365.com' },
    auth: { type: 'OAuth2', user: mailbox, accessToken },
  });
  await sendAll(pool, mailbox, before);
  const started = performance.now();
  await sendAll(pool, mailbox, count);
  const rate = (count / (performance.now() - started)) * 1000;
  pool.close();
  return rate;
}

function sendAll(pool, mailbox, count) {
  const mail = (index) => ({ from: mailbox, to: `guest${index}@guest.example`, subject: `Mail ${index}`, text: 'text', html: '<p>text</p>' });
  return Promise.all(Array.from({ length: count }, (_, index) => pool.sendMail(mail(index))));
}

function token({ host, port }, ca) {
  const body = new URLSearchParams({
    client_id: '7d8f0c1e-1111-4222-8333-444455556666',
    client_secret: 'demo-secret',
    grant_type: 'client_credentials',
    scope: 'https://outlook.office.com/.default',
  }).toString();
  return new Promise((resolve, reject) => {
    const asked = request(
      { host, port, ca, servername: 'login.microsoftonline.com', method: 'POST', path: '/2c3d4e5f-aaaa-4bbb-8ccc-ddddeeeeffff/oauth2/v2.0/token', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      (answer) => {
        let text = '';
        answer.on('data', (chunk) => (text += chunk)).on('end', () => resolve(JSON.parse(text).access_token));
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}
