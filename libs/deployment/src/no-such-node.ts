import { Problem } from '@isesim/domain';
import { either, nearMisses } from '@isesim/topology/yaml';

/** For a name that no node has: with those that there are, first the one that may have been meant. `flag` stands before it where the name was given so. */
export function noSuchNode(name: string, nodes: readonly string[], flag?: string): Problem {
  const meant = nearMisses(name, nodes);
  const suggestion = meant.length > 0 ? `Did you mean ${either(meant)}? ` : '';
  return new Problem('wrong input', 'node', `${flag === undefined ? '' : `${flag}: `}there is no node "${name}"`, `${suggestion}Use one of ${nodes.join(', ')}.`);
}
