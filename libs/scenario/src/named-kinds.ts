import type { Topology } from '@isesim/topology';
import type * as z from 'zod';
import type { NamedKind } from './fields.ts';

const titles: Readonly<Record<NamedKind, string>> = { node: 'node', portal: 'portal', guestType: 'guest type', sponsor: 'sponsor' };

export interface NamedField {
  readonly field: string;
  /** In words. */
  readonly kind: string;
  readonly known: readonly string[];
}

/** The fields of a step that hold the name of something in the topology, and what is there. */
export function namedFields(schema: z.ZodObject, topology: Topology): NamedField[] {
  return Object.entries(schema.shape).flatMap(([field, type]) => {
    const kind = kindOf(type as z.ZodType);
    return kind === undefined ? [] : [{ field, kind: titles[kind], known: namesOf(kind, topology) }];
  });
}

/** What a field names, if it names something of the topology. */
export function kindOf(type: z.ZodType): NamedKind | undefined {
  const inner = (type as { unwrap?: () => z.ZodType }).unwrap;
  const kind = type.meta()?.['names'] as NamedKind | undefined;
  return kind ?? (inner ? kindOf(inner.call(type)) : undefined);
}

function namesOf(kind: NamedKind, { nodes, portals, guestTypes, sponsors }: Topology): string[] {
  const all: Readonly<Record<NamedKind, readonly { readonly name: string }[]>> = { node: nodes, portal: portals, guestType: guestTypes, sponsor: sponsors };
  return all[kind].map(({ name }) => name);
}
