import type { AwayNode, NatsCut } from '@isesim/domain';

/** Why nothing is heard of a node. */
export type Absence = 'killed' | 'stopped' | 'ended' | 'paused' | 'silent' | 'not started' | 'isolated' | NatsCut;

const words: Readonly<Record<Absence, string>> = {
  killed: 'killed',
  stopped: 'stopped',
  ended: 'ended by itself',
  paused: 'paused',
  silent: 'nothing is heard of it where it runs',
  'not started': 'not started yet',
  isolated: 'isolated',
  'no NATS': 'cut off from NATS',
  untrusted: 'does not trust the certificate of the deployment',
};

/** As `status` says it. */
export function absenceText(absence: Absence): string {
  return words[absence];
}

const endings: readonly string[] = [words.killed, words.stopped, words.ended];

/** Whether only a start brings back a node that is away for this reason, as `status` says it: no healing does. */
export function needsStart(reason: string): boolean {
  return endings.includes(reason);
}

/** What brings back a node that is away for this reason, as `status` says it. */
export function broughtBackBy(node: string, reason: string): string {
  if (needsStart(reason)) return `isesim node start ${node}`;
  return elsewhere.includes(reason) ? `look where "isesim node-run ${node}" runs` : `isesim heal --node ${node}`;
}

/** Whether a node that is away for this reason, as `status` says it, runs on and is only cut off from the others. */
export function isCutOff(reason: string): boolean {
  return cuts.includes(reason);
}

const cuts: readonly string[] = [words.isolated, words['no NATS'], words.untrusted];
const elsewhere: readonly string[] = [words.silent, words['not started']];

export interface AbsencesOptions {
  /** Nodes ask nobody but PANs; each can be the primary. */
  readonly pans: readonly string[];
  /** Who asks; a PAN asks the others. */
  readonly asker: string;
  readonly absenceOf: (node: string) => Absence | undefined;
  readonly isRemote: (node: string) => boolean;
  readonly primaryPan: () => string;
}

/** The PANs that refuse at once to whoever asks them, as a host does on which nothing listens; who may come back by itself is waited for. */
export function awayNodes({ pans, asker, absenceOf, isRemote, primaryPan }: AbsencesOptions): Record<string, AwayNode> {
  const away: Record<string, AwayNode> = {};
  for (const name of pans.filter((pan) => pan !== asker)) {
    const absence = absenceOf(name);
    const rest = absence && predicateOf(absence, name, isRemote(name));
    if (!rest) continue;
    const isPrimary = primaryPan() === name;
    const promotable = isPrimary ? pans.find((pan) => pan !== name && absenceOf(pan) === undefined) : undefined;
    const promotion = promotable === undefined ? '' : ` Or promote the secondary PAN: isesim node promote ${promotable}`;
    away[name] = { why: `${isPrimary ? 'the primary PAN ' : ''}${name} ${rest.predicate}`, remedy: `${rest.remedy}${promotion}` };
  }
  return away;
}

function predicateOf(absence: Absence, name: string, isRemote: boolean): { predicate: string; remedy: string } | undefined {
  if (needsStart(words[absence])) return { predicate: 'is not running', remedy: `Start it with "isesim ${isRemote ? 'node-run' : 'node start'} ${name}".` };
  if (absence === 'isolated') return { predicate: 'is isolated from the other nodes', remedy: `Let it reach the other nodes again with "isesim heal --node ${name}".` };
  if (absence === 'no NATS' || absence === 'untrusted') return { predicate: absence === 'untrusted' ? words[absence] : `is ${words[absence]}`, remedy: `End the fault with "isesim heal --node ${name} --to nats".` };
  return undefined;
}
