import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bootDeployment } from '@isesim/testing';
import { expect, it } from 'vitest';

const secret = 'Hyg13ne~secret.value';

it('the client secret stands nowhere but in the memory of who needs it', async () => {
  const topology = readFileSync(join(import.meta.dirname, '../../topology/small.yaml'), 'utf8').replace(
    /clientSecret: .*/,
    'clientSecret: ${ENTRA_CLIENT_SECRET}',
  );
  await using deployment = await bootDeployment(withSecret(topology), { isolation: 'process', env: { ENTRA_CLIENT_SECRET: secret } });
  await deployment.createGuest({ email: 'ana@guest.example', validFor: '5d', type: 'Contractor' });
  await deployment.raiseAlarm({ name: 'High CPU' });
  await deployment.clock.advance('40d');
  const mails = await deployment.mails();
  expect(mails.length).toBeGreaterThan(2);

  const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64').slice(0, -4), Buffer.from(`x${secret}`).toString('base64').slice(4, -4)];
  const found = (text: string) => forms.filter((form) => text.includes(form));
  const files = everyFile(deployment.folder);
  expect(files.some((path) => path.includes('store'))).toBe(true);
  expect(files.filter((path) => found(readFileSync(path, 'latin1')).length > 0)).toEqual([]);
  expect(found(execFileSync('ps', ['-eww', '-o', 'args']).toString())).toEqual([]);
  expect(found(deployment.nodes.map(({ name }) => environmentOf(deployment.status().find((state) => state.name === name)?.pid ?? 0)).join())).toEqual([]);
  expect(found(JSON.stringify([mails, deployment.status(), mails.map(({ id }) => deployment.source(id))]))).toEqual([]);
});

function withSecret(topology: string): string {
  return topology.includes('smtpServer:')
    ? topology
    : `${topology}
smtpServer:
  host: smtp.office365.com
  port: 587
  tls: true
  authentication:
    type: exchange-online-oauth
    emailAddress: no-reply@contoso.onmicrosoft.com
    clientId: 7d8f0c1e-1111-4222-8333-444455556666
    tenantId: 2c3d4e5f-aaaa-4bbb-8ccc-ddddeeeeffff
    clientSecret: \${ENTRA_CLIENT_SECRET}
`;
}

function everyFile(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

function environmentOf(pid: number): string {
  return readFileSync(`/proc/${pid}/environ`, 'latin1');
}
