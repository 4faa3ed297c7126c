import { expect, it } from 'vitest';
import { answerProxyPage } from './proxy-page.ts';
import { TestNode } from './test-node.ts';
import { answerTrustedCertificatesPage } from './trusted-certificates-page.ts';

function makePan() {
  const pan = new TestNode(0);
  answerProxyPage(pan.node);
  answerTrustedCertificatesPage(pan.node);
  return pan;
}
const root = { name: 'entra-root', pem: 'PEM', roles: ['infrastructure'] };

it('a proxy is saved as a revision, and so is that there is none', async () => {
  const pan = makePan();
  const proxy = { host: 'proxy.example', port: 8080, bypass: [] };
  await pan.ask('proxy-set', { proxy });
  expect(pan.pages.proxy).toEqual({ proxy });
  await pan.ask('proxy-set', { proxy: null });
  expect([pan.pages.proxy, pan.events]).toEqual([{ proxy: null }, ['wrote proxy', 'wrote proxy']]);
});

it('a certificate is imported with its roles, imported again it has others, and removed it is gone', async () => {
  const pan = makePan();
  await pan.ask('trusted-certificate-import', { ...root, roles: ['endpoints'] });
  await pan.ask('trusted-certificate-import', { ...root, name: 'exchange-root' });
  await pan.ask('trusted-certificate-import', root);
  expect(pan.pages['trusted-certificates'].certificates).toEqual([{ ...root, name: 'exchange-root' }, root]);
  await pan.ask('trusted-certificate-remove', { name: 'exchange-root' });
  expect(pan.pages['trusted-certificates'].certificates).toEqual([root]);
});

it('a certificate that there is not cannot be removed', async () => {
  const pan = makePan();
  await pan.ask('trusted-certificate-import', root);
  await expect(pan.ask('trusted-certificate-remove', { name: 'entra-rot' })).rejects.toMatchObject({ kind: 'wrong input', message: 'there is no trusted certificate "entra-rot"', remedy: 'There are: entra-root.' });
  expect(pan.events).toHaveLength(1);
});

it('a PAN that is not primary changes neither page', async () => {
  const pan = makePan();
  pan.primaryPan = 'ise-2';
  await expect(pan.ask('proxy-set', { proxy: null })).rejects.toMatchObject({ code: 'not-primary' });
  await expect(pan.ask('trusted-certificate-import', root)).rejects.toMatchObject({ code: 'not-primary' });
  await expect(pan.ask('trusted-certificate-remove', { name: root.name })).rejects.toMatchObject({ code: 'not-primary' });
  expect(pan.events).toEqual([]);
});
