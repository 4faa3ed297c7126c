import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { claimHeaders, type AuditFinding } from '@isesim/domain';
import { bootDeployment, type TestDeployment } from '@isesim/testing';
import { createTransport, type Transporter } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const clientId = '7d8f0c1e-1111-4222-8333-444455556666';
const mailbox = 'no-reply@contoso.onmicrosoft.com';

let deployment: TestDeployment;
let ca: string;
let token: string;
const transports = new Set<Transporter>();
beforeAll(async () => {
  deployment = await bootDeployment(join(import.meta.dirname, '../../topology/medium.yaml'));
  ca = await readFile(deployment.microsoft365.caFile, 'utf8');
  token = await getToken();
});
afterAll(async () => {
  for (const transport of transports) transport.close();
  await deployment.stop();
});

// Where the system has 127.0.0.1 alone, no address tells the nodes apart.
describe.skipIf(process.platform !== 'linux')('a mail whose headers claim what is not so, from a program that has the secret', () => {
  it.each<{ what: string; from: string; ehlo: string; claims: { node: string; purpose: string; template: string }; findings: Omit<AuditFinding, 'mail'>[] }>([
    {
      what: 'another node of the same persona',
      from: 'psn-2',
      ehlo: 'psn-2.ise.example',
      claims: { node: 'psn-1', purpose: 'portal-notification', template: 'guest-credentials' },
      findings: [{ rule: 'claimed node', message: 'the headers claim psn-1, but psn-2 connected (<psn-2>, EHLO psn-2.ise.example)' }],
    },
    {
      what: 'another node also by its EHLO',
      from: 'psn-2',
      ehlo: 'psn-1.ise.example',
      claims: { node: 'psn-1', purpose: 'portal-notification', template: 'guest-credentials' },
      findings: [{ rule: 'claimed node', message: 'the headers claim psn-1, but psn-2 connected (<psn-2>, EHLO psn-1.ise.example)' }],
    },
    {
      what: 'the primary PAN and its purpose',
      from: 'psn-2',
      ehlo: 'ise-1.ise.example',
      claims: { node: 'ise-1', purpose: 'guest-expiry', template: 'guest-expiry-notice' },
      findings: [
        { rule: 'claimed node', message: 'the headers claim ise-1, but psn-2 connected (<psn-2>, EHLO ise-1.ise.example)' },
        { rule: 'node table', message: 'guest-expiry mail was sent by psn-2; the primary PAN (ise-1) sends it' },
      ],
    },
    {
      what: 'the truth about itself, but not its own purpose',
      from: 'ise-1',
      ehlo: 'ise-1.ise.example',
      claims: { node: 'ise-1', purpose: 'alarm', template: 'alarm' },
      findings: [{ rule: 'node table', message: 'alarm mail was sent by ise-1; the active MnT (ise-2) sends it' }],
    },
    {
      what: 'a node, from an address that is no node\'s',
      from: '127.0.0.1',
      ehlo: 'psn-1.ise.example',
      claims: { node: 'psn-1', purpose: 'portal-notification', template: 'guest-credentials' },
      findings: [
        { rule: 'claimed node', message: 'the headers claim psn-1, but an unknown host connected (127.0.0.1, EHLO psn-1.ise.example)' },
        { rule: 'unknown sender', message: '127.0.0.1, EHLO psn-1.ise.example, is no node of the deployment' },
      ],
    },
  ])('is found out by who connected: $what', async ({ what, from, ehlo, claims, findings }) => {
    const address = deployment.nodes.find(({ name }) => name === from)?.address ?? from;
    const id = await submit({ address, ehlo, claims, to: `${what.replace(/\W+/g, '-')}@guest.example` });
    const audit = await deployment.audit();

    const found = audit.findings.filter(({ mail }) => mail === id).map(({ rule, message }) => ({ rule, message: message.replace(address, address === from ? from : `<${from}>`) }));
    expect(found).toEqual(findings);
  });
});

/** Submits a mail as any program on this machine could, and waits until it is on record. Its connection stays open. */
async function submit({ address, ehlo, claims, to }: { address: string; ehlo: string; claims: { node: string; purpose: string; template: string }; to: string }): Promise<string> {
  const { host, port } = deployment.microsoft365.smtp;
  const transport = createTransport({
    pool: true,
    host,
    port,
    name: ehlo,
    localAddress: address,
    requireTLS: true,
    tls: { ca, servername: 'smtp.office365.com' },
    auth: { type: 'OAuth2', user: mailbox, accessToken: token },
  });
  transports.add(transport);
  await transport.sendMail({
    from: mailbox,
    to,
    subject: 'Not what it seems',
    text: 'Hello',
    messageId: `<${to}>`,
    headers: { [claimHeaders.node]: claims.node, [claimHeaders.purpose]: claims.purpose, [claimHeaders.template]: claims.template },
  });
  return vi.waitFor(async () => {
    const [mail] = await deployment.mails({ to });
    if (!mail) throw new Error(`no mail to ${to} is on record yet`);
    return mail.id;
  }, { timeout: 10_000 });
}

function getToken(): Promise<string> {
  const { host, port } = deployment.microsoft365.login;
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: 'demo-secret', scope: 'https://outlook.office.com/.default' }).toString();
  const headers = { Host: 'login.microsoftonline.com', 'Content-Type': 'application/x-www-form-urlencoded' };
  return new Promise((resolve, reject) => {
    const asked = request({ host, port, ca, servername: 'login.microsoftonline.com', method: 'POST', path: '/contoso.onmicrosoft.com/oauth2/v2.0/token', headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; });
      response.on('end', () => { resolve((JSON.parse(text) as { access_token: string }).access_token); });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
