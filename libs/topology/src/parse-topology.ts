import type { Instant } from '@isesim/domain';
import { fixedStartTime } from './defaults.ts';
import type { Environment } from './environment.ts';
import type { Finding, Path } from './finding.ts';
import { faultBreaches } from './fault-rules.ts';
import { networkBreaches } from './network-rules.ts';
import { nodeBreaches } from './node-rules.ts';
import { notSupportedYet } from './not-supported-yet.ts';
import type { IsSound, SoundFile } from './rule.ts';
import { offsetOf, schemaFindings, valueAt } from './schema-findings.ts';
import { settingsBreaches } from './settings-rules.ts';
import { readSource } from './source.ts';
import { topologyFileSchema } from './topology-file.ts';
import { topologyOf, type Topology } from './topology.ts';
import type { SourceValue } from './value-reader.ts';
import { quoted } from './wording.ts';

export interface ReadOptions {
  /** What ${NAME} stands for in the file. */
  readonly env: Environment;
  /** The start time of a topology whose file names none; it also dates what the file leaves undated. */
  readonly startTime?: Instant;
}

export interface ParseOptions extends ReadOptions {
  /** The name of the file in messages. */
  readonly file: string;
}

/** The topology that `text` describes. Throws a TopologyError with every mistake in it. */
export function parseTopology(text: string, { file, env, startTime = fixedStartTime }: ParseOptions): Topology {
  const source = readSource(text.replace(/^\ufeff/, ''), { file, env, atLeast: 'name and nodes' });
  const checked = topologyFileSchema.safeParse(source.root.data);
  const mistaken = [...source.findings, ...schemaFindings(checked.error?.issues ?? [], source.root, source.findings)];
  const findings = [...mistaken, ...breaches(source.root, mistaken)];
  if (findings.length > 0 || !checked.success) throw source.error(findings);
  return topologyOf(checked.data, startTime);
}

/** Broken rules among the fields that are not mistaken themselves: told together with those, without their consequences. */
function breaches(root: SourceValue, mistaken: readonly Finding[]): Finding[] {
  const places = new Set(mistaken.flatMap(({ path }) => path.map((_, index) => keyOf(path.slice(0, index + 1)))));
  const isSound: IsSound = (...path) => !places.has(keyOf(path));
  const file = soundPart(root, new Set(mistaken.map(({ path }) => keyOf(path))), []) as SoundFile;
  const broken = [...nodeBreaches(file, isSound), ...settingsBreaches(file, isSound), ...networkBreaches(file), ...faultBreaches(file, isSound), ...notSupportedYet(file)];
  return broken.map(({ path, at, message }) => ({
    path,
    message: asWritten(message, valueAt(root, path)),
    offset: offsetOf(root, path, at ?? 'value'),
  }));
}

function asWritten(message: string, value: SourceValue | undefined): string {
  if (value?.written === undefined) return message;
  return message.replace(quoted(String(value.data)), () => quoted(value.written ?? ''));
}

function soundPart(value: SourceValue, mistaken: ReadonlySet<string>, path: Path): unknown {
  if (mistaken.has(keyOf(path))) return undefined;
  const { data } = value;
  const parts = [...value.children].map(([step, child]) => [step, soundPart(child, mistaken, [...path, step])] as const);
  if (Array.isArray(data)) return parts.map(([, part]) => part);
  return typeof data === 'object' && data !== null ? Object.fromEntries(parts) : data;
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}
