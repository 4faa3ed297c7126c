import type { Persona } from '@isesim/domain';
import { SettingsReplication } from '@isesim/settings-replication';
import { answerOperator } from './answer-operator.ts';
import { AttemptsSoFar } from './attempts-so-far.ts';
import { holdersWithin, isComplete } from './duties.ts';
import { IseNode } from './ise-node.ts';
import { MailDispatch } from './mail-dispatch.ts';
import type { NodeParts } from './node-parts.ts';
import { incarnationOf } from './node-world.ts';
import { refuseVerbsOfOthers } from './refuse-verbs.ts';
import { reportStatus } from './report-status.ts';
import { sendLog } from './send-log.ts';
import { letStand } from './standing-faults.ts';
import { whenFirst } from './when-first.ts';

/** What makes a node act as one of its personas. */
export type Assume = (node: IseNode) => Promise<void>;
/** One for each persona of the node. */
export type Assumes = Readonly<Partial<Record<Persona, Assume>>>;

/** Follows the configuration, assumes the node's personas, tells its status, and sends what the node still owes. */
export async function joinDeployment(parts: NodeParts, assume: Assumes): Promise<void> {
  const { boot, world, bus, reach, way, owed } = parts;
  if (boot.faults) await letStand(boot.faults, { ...world, reach });
  await owed.restore();
  const settings = await openSettings(parts);
  world.follow(settings);
  const attempts = new AttemptsSoFar();
  const dispatch = openDispatch(parts, attempts);
  const node = iseNode(parts, settings, dispatch);
  reach.onChange(() => {
    dispatch.again();
    return Promise.resolve();
  });
  settings.onChange(() => { dispatch.again(); });
  answerOperator(node, { ...world, reach, attempts });
  refuseVerbsOfOthers(node);
  await assumeAll(node, assume);
  await takeOverWithDuties(node, dispatch);
  await reportStatus(bus, boot, settings);
  await whenFirst(settings, isComplete, () => dispatch.resume());
  way.joined();
}

function openSettings({ boot, world, reachable }: NodeParts): Promise<SettingsReplication> {
  return SettingsReplication.open({
    bus: reachable,
    node: boot.node.name,
    key: boot.sealingKey,
    store: world.store,
    work: world.clock,
    onDropped: (reason) => {
      world.log.write({ level: 'WARN', thread: 'replication', logger: 'isesim.replication', user: '', message: `configuration write dropped: ${reason}` });
    },
  });
}

function openDispatch({ boot, world, reachable, reach, mail, onDefect }: NodeParts, attempts: AttemptsSoFar): MailDispatch {
  const { node } = boot;
  const { clock, random, held } = world;
  const administrator = () => held().pages.administrators?.administrators[0]?.name ?? 'admin';
  const log = attempts.noting(sendLog({ log: world.log, clock, random, fqdn: node.fqdn, administrator }));
  const holders = () => holdersWithin(held(), reach.current ? undefined : node.name);
  return new MailDispatch({ node, bus: reachable, clock, random, mail, log, held, holders, onDefect });
}

function iseNode({ boot, world, reachable, reach, mail, onDefect }: NodeParts, settings: SettingsReplication, dispatch: MailDispatch): IseNode {
  return new IseNode({ self: boot.node, incarnation: incarnationOf(boot), world, bus: reachable, reach, settings, dispatch, mail, sealingKey: boot.sealingKey, onDefect });
}

/** With a duty comes what its former holder owes. */
async function takeOverWithDuties(node: IseNode, dispatch: MailDispatch): Promise<void> {
  const take = (persona: Persona) => async () => {
    await dispatch.takeOver(persona);
    return () => undefined;
  };
  if (node.self.personas.includes('pan')) await node.whileHolding('primary PAN', take('pan'));
  if (node.self.personas.includes('mnt')) await node.whileHolding('active MnT', take('mnt'));
}

async function assumeAll(node: IseNode, assume: Assumes): Promise<void> {
  for (const persona of node.self.personas) await assume[persona]?.(node);
}
