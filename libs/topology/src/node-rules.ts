import { agentNames } from '@isesim/domain';
import * as defaults from './defaults.ts';
import { hostLabelLengthMax } from './field-types.ts';
import { pathText } from './finding.ts';
import { nodeNames } from './nodes.ts';
import { entries, oneOf, type Breach, type IsSound, type Rule, type Sound, type SoundFile } from './rule.ts';
import type { FileNode } from './topology-file.ts';
import { quoted } from './wording.ts';

/** What ISE demands of the nodes together. */
export function nodeBreaches(file: SoundFile, isSound: IsSound): Breach[] {
  const total = entries(file.nodes).reduce((sum, [, { count = 1 }]) => sum + count, 0);
  if (total <= nodesMax) return rules.flatMap((rule) => rule(file, isSound));
  return [{ path: ['nodes'], at: 'key', message: `nodes makes ${total} nodes; write at most ${nodesMax}` }];
}

// An own limit, far above what a machine can run.
const nodesMax = 10_000;
const psnsMax = 50;

const rules: readonly Rule[] = [
  onePrimary,
  oneSecondary,
  psnLimit,
  standaloneHasAll,
  somePersona,
  differentNames,
  freeNames,
  shortNames,
  ownFields,
  nodeGroupsOfPsns,
  healthCheckNodes,
  panFailoverPossible,
];

const ise = { pan: 'PAN', mnt: 'MnT' } as const;

function onePrimary(file: SoundFile, isSound: IsSound): Breach[] {
  return (['pan', 'mnt'] as const).flatMap((persona) => {
    const holders = expanded(file).filter(({ node }) => node[persona] === 'primary');
    const word = ise[persona];
    if (holders.length > 0) {
      return beyond(holders, 1, persona, `is "primary", but there is a primary ${word} already, ${holders[0]?.name}; write secondary`);
    }
    if (!isSound('nodes')) return [];
    return [{ path: ['nodes'], at: 'key', message: `nodes has no primary ${word}; write ${persona}: primary on one node` }];
  });
}

function oneSecondary(file: SoundFile): Breach[] {
  return (['pan', 'mnt'] as const).flatMap((persona) => {
    const holders = expanded(file).filter(({ node }) => node[persona] === 'secondary');
    const other = `a secondary ${ise[persona]} already, ${holders[0]?.name}`;
    return beyond(holders, 1, persona, `is "secondary", but there is ${other}, and ISE has at most 2; leave it out`);
  });
}

function psnLimit(file: SoundFile): Breach[] {
  if (file.limits === 'off') return [];
  const psns = expanded(file).filter(({ node }) => node.psn);
  const message = `is true on ${psns.length} nodes, and ISE has at most ${psnsMax} PSNs; write fewer, or limits: off`;
  return beyond(psns, psnsMax, 'psn', message).slice(0, 1);
}

function standaloneHasAll(file: SoundFile, isSound: IsSound): Breach[] {
  const [only, ...others] = expanded(file);
  if (!only || others.length > 0 || !isSound('nodes')) return [];
  if (only.node.psn || only.node.pan !== 'primary' || only.node.mnt !== 'primary') return [];
  const message = `${only.name} is the only node, and a standalone node has every persona; add psn: true`;
  return [{ path: ['nodes', only.index], message }];
}

function somePersona(file: SoundFile, isSound: IsSound): Breach[] {
  return entries(file.nodes)
    .filter(([index, node]) => !node.pan && !node.mnt && !node.psn && isSound('nodes', index))
    .map(([index, { name }]) => ({
      path: ['nodes', index],
      message: `nodes[${index}], ${name}, has no persona; add pan: primary or secondary, mnt: primary or secondary, or psn: true`,
    }));
}

function differentNames(file: SoundFile, isSound: IsSound): Breach[] {
  const names = new Set<string>();
  const fqdns = new Set<string>();
  const breaches = new Map<number, Breach>();
  for (const { index, name, node } of named(file).filter((each) => isSound('nodes', each.index, 'count'))) {
    const own = node.count === undefined || node.count === 1 ? node.fqdn : undefined;
    const fqdn = own ?? `${name}.${file.domain ?? defaults.domain}`;
    const field = names.has(name) || own === undefined ? 'name' : 'fqdn';
    if (names.has(name)) breaches.set(index, taken(index, field, name));
    else if (fqdns.has(fqdn)) breaches.set(index, taken(index, field, fqdn));
    names.add(name);
    fqdns.add(fqdn);
  }
  return [...breaches.values()];
}

function taken(index: number, field: string, name: string): Breach {
  return { path: ['nodes', index, field], message: `nodes[${index}].${field} makes a second ${quoted(name)}; write another name` };
}

function freeNames(file: SoundFile): Breach[] {
  return named(file)
    .filter(({ name }) => agentNames.some((reserved) => reserved === name))
    .map(({ index, name }) => ({
      path: ['nodes', index, 'name'],
      message: `nodes[${index}].name is ${quoted(name)}, which isesim uses itself; write another name`,
    }));
}

function shortNames(file: SoundFile): Breach[] {
  const tooLong = named(file).filter(({ name }) => name.length > hostLabelLengthMax);
  return [...new Map(tooLong.map((node) => [node.index, node])).values()].map(({ index, name }) => ({
    path: ['nodes', index, 'name'],
    message:
      `nodes[${index}].name makes ${quoted(name)}, ${name.length} characters with the number; ` +
      `write a name that stays within ${hostLabelLengthMax}`,
  }));
}

function ownFields(file: SoundFile): Breach[] {
  return entries(file.nodes).flatMap(([index, node]) =>
    (['fqdn', 'realAddress'] as const)
      .filter((field) => node[field] !== undefined && (node.count ?? 1) > 1)
      .map((field) => ({
        path: ['nodes', index, field],
        message:
          `nodes[${index}].${field} is ${quoted(node[field] ?? '')} for ${node.count} nodes; ` +
          'leave it out, or write the nodes one by one',
      })),
  );
}

function nodeGroupsOfPsns(file: SoundFile, isSound: IsSound): Breach[] {
  return entries(file.nodes)
    .filter(([index, node]) => node.nodeGroup !== undefined && !node.psn && isSound('nodes', index))
    .map(([index, { nodeGroup = '' }]) => ({
      path: ['nodes', index, 'nodeGroup'],
      message: `nodes[${index}].nodeGroup is ${quoted(nodeGroup)}, but only PSNs have node groups; add psn: true, or leave it out`,
    }));
}

function healthCheckNodes(file: SoundFile, isSound: IsSound): Breach[] {
  const nodes = named(file);
  const suitable = nodes.filter(({ node }) => !node.pan).map(({ name }) => name);
  return (['primary', 'secondary'] as const).flatMap((role) => {
    const path = ['panFailover', 'healthCheckNodes', role];
    const checker = file.panFailover?.healthCheckNodes?.[role];
    const node = nodes.find(({ name }) => name === checker)?.node;
    if (checker === undefined || (node && !node.pan) || (!node && !isSound('nodes'))) return [];
    const problem = node ? 'which is a PAN; write a node that is none' : 'which is no node; write the name of one';
    return [{ path, message: `${pathText(path)} is ${quoted(checker)}, ${problem}${oneOf(checker, suitable)}` }];
  });
}

function panFailoverPossible(file: SoundFile, isSound: IsSound): Breach[] {
  if (!file.panFailover || !isSound('nodes')) return [];
  const nodes = expanded(file);
  const missing =
    nodes.length <= 2
      ? `a third node for the health check, and there are ${nodes.length}; add a node`
      : nodes.every(({ node }) => node.pan !== 'secondary') && 'a secondary PAN, and there is none; write pan: secondary on a node';
  return missing ? [{ path: ['panFailover'], at: 'key', message: `panFailover needs ${missing}, or leave panFailover out` }] : [];
}

interface ExpandedNode {
  readonly index: number;
  readonly name: string;
  readonly node: Sound<FileNode>;
}

/** The nodes of the deployment, with the entry of the file that each comes from. */
function expanded(file: SoundFile): ExpandedNode[] {
  return entries(file.nodes).flatMap(([index, node]) =>
    nodeNames(node.name ?? '', node.count).map((name) => ({ index, name, node })),
  );
}

function named(file: SoundFile): ExpandedNode[] {
  return expanded(file).filter(({ node }) => node.name !== undefined);
}

/** One breach for each entry of the file with nodes after the first `max` of `holders`. */
function beyond(holders: readonly ExpandedNode[], max: number, persona: 'pan' | 'mnt' | 'psn', message: string): Breach[] {
  const indices = new Set(holders.slice(max).map(({ index }) => index));
  return [...indices].map((index) => {
    const path = ['nodes', index, persona];
    return { path, message: `${pathText(path)} ${message}` };
  });
}
