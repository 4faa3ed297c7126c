import { nodeTable, type DeploymentNode, type Persona } from '@isesim/domain';
import { streamsOf, subjectsOf } from './streams.ts';

/** What an account may publish to others and hear from others; both lists are exact, and tested as such. */
export interface Rights {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

type Member = Pick<DeploymentNode, 'name' | 'personas'>;

/** The name under which the deployment asks nodes on a person's behalf. */
export const operator = 'operator';
export const microsoft365 = 'microsoft365';

/** The rights of one node: the union of its personas' rights. What they must withstand: README.md, "Attacks". */
export function rightsOf(d: string, node: Member, members: readonly Member[]): Rights {
  const with_ = (persona: Persona) => members.filter(({ personas }) => personas.includes(persona)).map(({ name }) => name);
  const lists: Rights[] = [everyNode(d, node.name, with_('pan'))];
  if (node.personas.includes('pan')) lists.push(pan(d, node.name, with_('pan')));
  if (node.personas.includes('mnt')) lists.push(mnt(d, node.name, with_('mnt')));
  if (node.personas.includes('psn')) lists.push(psn(d, node.name));
  return {
    publish: [...new Set(lists.flatMap(({ publish }) => publish))],
    subscribe: [...new Set(lists.flatMap(({ subscribe }) => subscribe))],
  };
}

/** The double writes the record of accepted mail and nothing else, and answers the deployment alone. */
export function microsoft365Rights(d: string): Rights {
  const subjects = subjectsOf(d);
  return {
    publish: [subjects.mail('>'), subjects.work(microsoft365), directGet(streamsOf(d).mail.name)],
    subscribe: [`${subjects.inbox(microsoft365)}.>`, subjects.request(microsoft365, '*', '*'), subjects.grant(microsoft365)],
  };
}

export function operatorRights(d: string, members: readonly Member[]): Rights {
  return {
    publish: [...members.map(({ name }) => name), microsoft365].map((name) => subjectsOf(d).request(name, '*', operator)),
    subscribe: [`${subjectsOf(d).inbox(operator)}.>`],
  };
}

export function directGet(stream: string): string {
  return `$JS.API.DIRECT.GET.${stream}`;
}

function everyNode(d: string, n: string, pans: readonly string[]): Rights {
  const streams = streamsOf(d);
  const subjects = subjectsOf(d);
  return {
    publish: [
      subjects.report(n),
      subjects.work(n),
      subjects.join(n),
      subjects.alarm(n, '*'),
      directGet(streams.config.name),
      directGet(streams.outcomes.name),
      ...pans.filter((name) => name !== n).map((name) => subjects.request(name, '*', n)),
    ],
    subscribe: [`${subjects.inbox(n)}.>`, subjects.request(n, '*', '*'), subjects.grant(n), `${streams.config.feed}.>`],
  };
}

function pan(d: string, n: string, pans: readonly string[]): Rights {
  const streams = streamsOf(d);
  const subjects = subjectsOf(d);
  return {
    publish: [
      subjects.config(n, '*'),
      streams.accounts.subjects,
      directGet(streams.accounts.name),
      ...outboxWrites(d, 'pan', n),
      ...pans.flatMap((name) => [directGet(streams.outbox('pan', name).name), subjects.outcome('pan', name, '*')]),
    ],
    subscribe: others(pans, n).map((name) => `${streams.outbox('pan', name).feed}.>`),
  };
}

function mnt(d: string, n: string, mnts: readonly string[]): Rights {
  const streams = streamsOf(d);
  const subjects = subjectsOf(d);
  return {
    publish: [
      ...outboxWrites(d, 'mnt', n),
      directGet(streams.alarms.name),
      ...mnts.flatMap((name) => [directGet(streams.outbox('mnt', name).name), subjects.outcome('mnt', name, '*')]),
    ],
    subscribe: [`${streams.alarms.feed}.>`, ...others(mnts, n).map((name) => `${streams.outbox('mnt', name).feed}.>`)],
  };
}

function psn(d: string, n: string): Rights {
  const streams = streamsOf(d);
  const subjects = subjectsOf(d);
  return {
    publish: [
      ...outboxWrites(d, 'psn', n),
      directGet(streams.outbox('psn', n).name),
      directGet(streams.accounts.name),
      subjects.outcome('psn', n, '*'),
    ],
    subscribe: [],
  };
}

/** The node table as publish rights: one subject for each purpose that the persona sends. */
function outboxWrites(d: string, persona: Persona, n: string): string[] {
  return nodeTable.filter((row) => row.persona === persona).map(({ purpose }) => subjectsOf(d).outbox(persona, n, purpose, '*'));
}

function others(names: readonly string[], n: string): string[] {
  return names.filter((name) => name !== n);
}
