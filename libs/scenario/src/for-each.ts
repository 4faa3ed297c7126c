import { purposes, type Persona } from '@isesim/domain';
import type { Topology } from '@isesim/topology';
import { either, shown } from '@isesim/topology/yaml';
import { hasNames } from './names.ts';

/** `forEach: { node: psn }`: the variable, and each value that it takes. */
export interface Loop {
  readonly variable: string;
  readonly values: readonly string[];
}

/** Undefined groups of nodes are empty without a topology. A text says what is wrong. */
export function loopOf(written: unknown, topology: Topology | undefined): Loop | string {
  const entries = written !== null && typeof written === 'object' && !Array.isArray(written) ? Object.entries(written) : [];
  const [entry] = entries;
  if (!entry || entries.length > 1 || !/^[A-Za-z_][\w-]*$/.test(entry[0])) return `forEach is ${shown(written)}; write a map of one variable, as { node: psn }`;
  const [variable, over] = entry;
  if (Array.isArray(over) && over.length > 0 && over.every((each) => typeof each === 'string' && !hasNames(each))) return { variable, values: over };
  const groups = groupsOf(topology);
  if (typeof over === 'string' && Object.hasOwn(groups, over)) return { variable, values: groups[over] ?? [] };
  return `forEach goes over ${shown(over)}; write ${either(loopGroups)}, or a list of texts without \${…}`;
}

/** What a variable can go over by name. */
export const loopGroups: readonly string[] = Object.keys(groupsOf(undefined));

function groupsOf(topology: Topology | undefined): Readonly<Record<string, readonly string[]>> {
  const nodes = topology?.nodes ?? [];
  const withPersona = (persona: Persona) => nodes.filter(({ personas }) => personas.includes(persona)).map(({ name }) => name);
  return { nodes: nodes.map(({ name }) => name), pan: withPersona('pan'), mnt: withPersona('mnt'), psn: withPersona('psn'), purposes };
}
