import type { Persona } from '@isesim/domain';
import { expect, test } from 'vitest';
import { microsoft365Rights, operatorRights, rightsOf } from './rights.ts';

const node = (name: string, ...personas: Persona[]) => ({ name, personas });
const hybrids = [node('ise-1', 'pan', 'mnt'), node('ise-2', 'pan', 'mnt'), node('psn-1', 'psn'), node('psn-2', 'psn')];
const dedicated = [node('pan-1', 'pan'), node('pan-2', 'pan'), node('mnt-1', 'mnt'), node('mnt-2', 'mnt'), node('psn-1', 'psn')];

// These lists are the wall between the personas: any right that is added here is one that a hostile node has.

test('a PSN may write its own mail and alarms, read its own outbox and the accounts, and ask the PANs', () => {
  expect(rightsOf('d', node('psn-2', 'psn'), hybrids)).toEqual({
    publish: [
      'isesim.d.report.psn-2',
      'isesim.d.work.psn-2',
      'isesim.d.join.psn-2',
      'isesim.d.alarm.psn-2.*',
      '$JS.API.DIRECT.GET.KV_d_config',
      '$JS.API.DIRECT.GET.d_outcomes',
      'isesim.d.rpc.ise-1.*.psn-2',
      'isesim.d.rpc.ise-2.*.psn-2',
      'isesim.d.outbox.psn.psn-2.portal-notification.*',
      '$JS.API.DIRECT.GET.d_outbox_psn_psn-2',
      '$JS.API.DIRECT.GET.KV_d_accounts',
      'isesim.d.outcome.psn.psn-2.*',
    ],
    subscribe: ['_INBOX.d.psn-2.>', 'isesim.d.rpc.psn-2.*.*', 'isesim.d.grant.psn-2', 'isesim.d.feed.config.>'],
  });
});

test('a PAN may write configuration in its own name and accounts, and take over what the other PAN owes', () => {
  expect(rightsOf('d', node('pan-2', 'pan'), dedicated)).toEqual({
    publish: [
      'isesim.d.report.pan-2',
      'isesim.d.work.pan-2',
      'isesim.d.join.pan-2',
      'isesim.d.alarm.pan-2.*',
      '$JS.API.DIRECT.GET.KV_d_config',
      '$JS.API.DIRECT.GET.d_outcomes',
      'isesim.d.rpc.pan-1.*.pan-2',
      '$KV.d_config.pan-2.*',
      '$KV.d_accounts.>',
      '$JS.API.DIRECT.GET.KV_d_accounts',
      'isesim.d.outbox.pan.pan-2.guest-expiry.*',
      'isesim.d.outbox.pan.pan-2.password-expiry.*',
      'isesim.d.outbox.pan.pan-2.portal-test.*',
      '$JS.API.DIRECT.GET.d_outbox_pan_pan-1',
      'isesim.d.outcome.pan.pan-1.*',
      '$JS.API.DIRECT.GET.d_outbox_pan_pan-2',
      'isesim.d.outcome.pan.pan-2.*',
    ],
    subscribe: ['_INBOX.d.pan-2.>', 'isesim.d.rpc.pan-2.*.*', 'isesim.d.grant.pan-2', 'isesim.d.feed.config.>', 'isesim.d.feed.outbox.pan.pan-1.>'],
  });
});

test('an MnT may hear and read all alarms, mail them, and take over what the other MnT owes', () => {
  expect(rightsOf('d', node('mnt-1', 'mnt'), dedicated)).toEqual({
    publish: [
      'isesim.d.report.mnt-1',
      'isesim.d.work.mnt-1',
      'isesim.d.join.mnt-1',
      'isesim.d.alarm.mnt-1.*',
      '$JS.API.DIRECT.GET.KV_d_config',
      '$JS.API.DIRECT.GET.d_outcomes',
      'isesim.d.rpc.pan-1.*.mnt-1',
      'isesim.d.rpc.pan-2.*.mnt-1',
      'isesim.d.outbox.mnt.mnt-1.alarm.*',
      '$JS.API.DIRECT.GET.d_alarms',
      '$JS.API.DIRECT.GET.d_outbox_mnt_mnt-1',
      'isesim.d.outcome.mnt.mnt-1.*',
      '$JS.API.DIRECT.GET.d_outbox_mnt_mnt-2',
      'isesim.d.outcome.mnt.mnt-2.*',
    ],
    subscribe: ['_INBOX.d.mnt-1.>', 'isesim.d.rpc.mnt-1.*.*', 'isesim.d.grant.mnt-1', 'isesim.d.feed.config.>', 'isesim.d.feed.alarm.>', 'isesim.d.feed.outbox.mnt.mnt-2.>'],
  });
});

test('a hybrid of PAN and MnT has the rights of both and none besides', () => {
  expect(rightsOf('d', node('ise-2', 'pan', 'mnt'), hybrids)).toEqual({
    publish: [
      'isesim.d.report.ise-2',
      'isesim.d.work.ise-2',
      'isesim.d.join.ise-2',
      'isesim.d.alarm.ise-2.*',
      '$JS.API.DIRECT.GET.KV_d_config',
      '$JS.API.DIRECT.GET.d_outcomes',
      'isesim.d.rpc.ise-1.*.ise-2',
      '$KV.d_config.ise-2.*',
      '$KV.d_accounts.>',
      '$JS.API.DIRECT.GET.KV_d_accounts',
      'isesim.d.outbox.pan.ise-2.guest-expiry.*',
      'isesim.d.outbox.pan.ise-2.password-expiry.*',
      'isesim.d.outbox.pan.ise-2.portal-test.*',
      '$JS.API.DIRECT.GET.d_outbox_pan_ise-1',
      'isesim.d.outcome.pan.ise-1.*',
      '$JS.API.DIRECT.GET.d_outbox_pan_ise-2',
      'isesim.d.outcome.pan.ise-2.*',
      'isesim.d.outbox.mnt.ise-2.alarm.*',
      '$JS.API.DIRECT.GET.d_alarms',
      '$JS.API.DIRECT.GET.d_outbox_mnt_ise-1',
      'isesim.d.outcome.mnt.ise-1.*',
      '$JS.API.DIRECT.GET.d_outbox_mnt_ise-2',
      'isesim.d.outcome.mnt.ise-2.*',
    ],
    subscribe: [
      '_INBOX.d.ise-2.>',
      'isesim.d.rpc.ise-2.*.*',
      'isesim.d.grant.ise-2',
      'isesim.d.feed.config.>',
      'isesim.d.feed.outbox.pan.ise-1.>',
      'isesim.d.feed.alarm.>',
      'isesim.d.feed.outbox.mnt.ise-1.>',
    ],
  });
});

test('a standalone node has the rights of all personas, and nobody to ask or to take over from', () => {
  expect(rightsOf('d', node('ise-1', 'pan', 'mnt', 'psn'), [node('ise-1', 'pan', 'mnt', 'psn')])).toEqual({
    publish: [
      'isesim.d.report.ise-1',
      'isesim.d.work.ise-1',
      'isesim.d.join.ise-1',
      'isesim.d.alarm.ise-1.*',
      '$JS.API.DIRECT.GET.KV_d_config',
      '$JS.API.DIRECT.GET.d_outcomes',
      '$KV.d_config.ise-1.*',
      '$KV.d_accounts.>',
      '$JS.API.DIRECT.GET.KV_d_accounts',
      'isesim.d.outbox.pan.ise-1.guest-expiry.*',
      'isesim.d.outbox.pan.ise-1.password-expiry.*',
      'isesim.d.outbox.pan.ise-1.portal-test.*',
      '$JS.API.DIRECT.GET.d_outbox_pan_ise-1',
      'isesim.d.outcome.pan.ise-1.*',
      'isesim.d.outbox.mnt.ise-1.alarm.*',
      '$JS.API.DIRECT.GET.d_alarms',
      '$JS.API.DIRECT.GET.d_outbox_mnt_ise-1',
      'isesim.d.outcome.mnt.ise-1.*',
      'isesim.d.outbox.psn.ise-1.portal-notification.*',
      '$JS.API.DIRECT.GET.d_outbox_psn_ise-1',
      'isesim.d.outcome.psn.ise-1.*',
    ],
    subscribe: ['_INBOX.d.ise-1.>', 'isesim.d.rpc.ise-1.*.*', 'isesim.d.grant.ise-1', 'isesim.d.feed.config.>', 'isesim.d.feed.alarm.>'],
  });
});

test('the double may write the record of mail, and no node may', () => {
  expect(microsoft365Rights('d')).toEqual({
    publish: ['isesim.d.mail.>', 'isesim.d.work.microsoft365', '$JS.API.DIRECT.GET.d_mail'],
    subscribe: ['_INBOX.d.microsoft365.>', 'isesim.d.rpc.microsoft365.*.*', 'isesim.d.grant.microsoft365'],
  });
  for (const member of [...hybrids, ...dedicated]) expect(rightsOf('d', member, hybrids).publish.filter((subject) => /mail\.>|d_mail/.test(subject))).toEqual([]);
});

test('the operator may ask every node and the double, and nothing else', () => {
  expect(operatorRights('d', hybrids)).toEqual({
    publish: ['isesim.d.rpc.ise-1.*.operator', 'isesim.d.rpc.ise-2.*.operator', 'isesim.d.rpc.psn-1.*.operator', 'isesim.d.rpc.psn-2.*.operator', 'isesim.d.rpc.microsoft365.*.operator'],
    subscribe: ['_INBOX.d.operator.>'],
  });
});

test('no node has a right to manage JetStream, to make a consumer, to acknowledge, or to anything of the system', () => {
  for (const [member, members] of [...hybrids.map((each) => [each, hybrids] as const), ...dedicated.map((each) => [each, dedicated] as const)]) {
    const { publish, subscribe } = rightsOf('d', member, members);
    expect(publish.filter((subject) => subject.startsWith('$') && !/^\$(KV\.d_(config\.[\w-]+\.\*|accounts\.>)|JS\.API\.DIRECT\.GET\.\w[\w-]*)$/.test(subject))).toEqual([]);
    expect(subscribe.filter((subject) => !/^(isesim\.d\.|_INBOX\.d\.)/.test(subject))).toEqual([]);
    expect([...publish, ...subscribe].filter((subject) => ['>', '*', '$JS.API.>', '_INBOX.>'].includes(subject))).toEqual([]);
  }
});
