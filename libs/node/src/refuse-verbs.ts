import type { Verb } from '@isesim/bus';
import { Problem, type Persona } from '@isesim/domain';
import type { IseNode } from './ise-node.ts';

/** What nodes ask each other; all else is asked by the operator alone, on a person's behalf. */
export const askedByNodes: readonly Verb[] = ['write-guest', 'write-guest-password', 'ping'];

/** Which persona answers which verb; `m365` is for the double alone. */
const answeredBy: Readonly<Record<Exclude<Verb, 'm365'>, Persona | 'every node'>> = {
  'install-accounts': 'pan',
  install: 'pan',
  'create-guest': 'psn',
  'self-register': 'psn',
  'resend-credentials': 'psn',
  'reset-guest-password': 'psn',
  'write-guest': 'pan',
  'write-guest-password': 'pan',
  'raise-alarm': 'every node',
  'send-test-mail': 'pan',
  'smtp-show': 'pan',
  'smtp-set': 'pan',
  'smtp-save': 'pan',
  'smtp-test': 'pan',
  'smtp-probe': 'every node',
  'proxy-set': 'pan',
  'trusted-certificate-import': 'pan',
  'trusted-certificate-remove': 'pan',
  'set-page': 'pan',
  promote: 'pan',
  backup: 'pan',
  restore: 'pan',
  'show-settings': 'every node',
  'set-faults': 'every node',
  'show-attempts': 'every node',
  ping: 'every node',
};

const names = { pan: 'PAN', psn: 'PSN', mnt: 'MnT' } as const;
const works = { pan: 'settings and accounts are written at a PAN', psn: 'portals are served by a PSN', mnt: 'alarms are kept at an MnT' } as const;

/** Whoever asks a node for what its personas do not do is told so: without an answer they would wait in vain. */
export function refuseVerbsOfOthers(node: IseNode): void {
  for (const [verb, persona] of Object.entries(answeredBy) as [Verb, Persona | 'every node'][]) {
    if (persona === 'every node' || node.self.personas.includes(persona)) continue;
    node.answer(verb, () => Promise.reject(refusal(node, persona)));
  }
}

function refusal(node: IseNode, persona: Persona): Problem {
  const all = node.settings.held().pages.deployment?.nodes ?? [];
  const fitting = all.filter(({ personas }) => personas.includes(persona)).map(({ name }) => name);
  const remedy = fitting.length === 0 ? `Use a ${names[persona]}.` : `Use one of ${fitting.join(', ')}.`;
  return new Problem('wrong input', 'not-its-persona', `${node.self.name} is no ${names[persona]}: ${works[persona]}`, remedy);
}
