import { defaultLogLevel, Problem, type Page, type SetLogLevel } from '@isesim/domain';
import type { IseNode } from '@isesim/node';

/** Debug Log Configuration with one level changed; one that is the default again is not kept. */
export function withLogLevel(node: IseNode, { node: name, component, level }: SetLogLevel): Page<'log-levels'> {
  const names = node.page('deployment').nodes.map((each) => each.name);
  if (!names.includes(name)) throw new Problem('wrong input', 'node', `there is no node "${name}"`, `Use one of ${names.join(', ')}.`);
  const others = (node.settings.held().pages['log-levels']?.levels ?? []).filter((each) => each.node !== name || each.component !== component);
  return { levels: level === defaultLogLevel ? others : [...others, { node: name, component, level }] };
}
