import { AgentClock } from '@isesim/clock';
import { Bus, type NodeReport } from '@isesim/bus';
import { logComponentOf, logLevelOf, seededRandom, type ClockEnd, type HeldConfiguration, type NodeBoot, type Persona } from '@isesim/domain';
import { openOAuthMail } from '@isesim/oauth-mail';
import { emptyConfiguration, SettingsReplication } from '@isesim/settings-replication';
import { holdersWithin, isComplete } from './duties.ts';
import { AttemptsSoFar } from './attempts-so-far.ts';
import { fileStore } from './file-store.ts';
import { guestLog } from './guest-log.ts';
import { IseNode } from './ise-node.ts';
import { LinkFaults } from './link-faults.ts';
import { MailDispatch } from './mail-dispatch.ts';
import { NatsWay } from './nats-way.ts';
import { nodeNetwork } from './node-network.ts';
import { Reach } from './reach.ts';
import { OwedAlarms } from './owed-alarms.ts';
import { reachableBus } from './reachable-bus.ts';
import { refuseVerbsOfOthers } from './refuse-verbs.ts';
import { sendLog } from './send-log.ts';
import { letStand } from './standing-faults.ts';

/** What makes a node act as one of its personas. */
export type Assume = (node: IseNode) => Promise<void>;

export interface StartOptions {
  /** One for each persona of the node. */
  readonly assume: Readonly<Partial<Record<Persona, Assume>>>;
  readonly onDefect: (what: string, error: unknown) => void;
  /** Leads to the coordinator of the clock; over the bus when left out. */
  readonly clockEnd?: ClockEnd;
}

export interface RunningNode {
  /** Stops and goes on as a paused process does. For nodes that live in the caller's process. */
  freeze(): void;
  thaw(): void;
  /** Leaves in order: open connections are closed, what is owed stays owed. */
  stop(): Promise<void>;
  /** Ends as a killed process does. For nodes that live in the caller's process. */
  kill(): Promise<void>;
}

/** Builds the node's world and lets it join: clock, bus, configuration, then its personas, then what it still owes. */
export async function startNode(boot: NodeBoot, { assume, onDefect, clockEnd }: StartOptions): Promise<RunningNode> {
  const { node: self } = boot;
  const incarnation = `${self.name}#${boot.incarnation}`;
  const clock: AgentClock = new AgentClock({ agent: incarnation, start: boot.time, push: (report) => { end.report(report); }, onDefect });
  let held: () => HeldConfiguration = () => emptyConfiguration;
  const log = guestLog(boot.folder, clock, (logger) => logLevelOf(held().pages['log-levels']?.levels ?? [], self.name, logComponentOf(logger)));
  const store = fileStore(boot.folder, clock);
  const random = seededRandom(boot.seed, self.name);
  const links = new LinkFaults({ clock, random });
  const bus = await Bus.connect({ ...boot.nats, deployment: boot.deployment, name: self.name, incarnation, clock, onDefect });
  const end = clockEnd ?? bus;
  const network = nodeNetwork({ node: self, hosts: boot.hosts, proxy: boot.proxy, held: () => held(), faults: links, clock });
  const start = (what: string, run: () => Promise<void>) => {
    void clock.start(what, run).catch((error: unknown) => { onDefect(what, error); });
  };
  const reach = new Reach({ node: self.name, start });
  const way = new NatsWay(links);
  const owed = new OwedAlarms({ bus, reach, way, store, start });
  const reachable = reachableBus({ bus, node: self.name, reach, way, owed, clock });
  const mail = openOAuthMail({ network, clock, work: clock });

  const join = async () => {
    if (boot.faults) await letStand(boot.faults, { links, network, reach });
    await owed.restore();
    const settings = await SettingsReplication.open({
      bus: reachable,
      node: self.name,
      key: boot.sealingKey,
      store,
      work: clock,
      onDropped: (reason) => {
        log.write({ level: 'WARN', thread: 'replication', logger: 'isesim.replication', user: '', message: `configuration write dropped: ${reason}` });
      },
    });
    held = () => settings.held();
    const holders = () => holdersWithin(held(), reach.current ? undefined : self.name);
    const attempts = new AttemptsSoFar();
    const dispatch = new MailDispatch({ node: self, bus: reachable, clock, random, mail, log: attempts.noting(sendLog({ log, clock, random, fqdn: self.fqdn, administrator: () => held().pages.administrators?.administrators[0]?.name ?? 'admin' })), held, holders, onDefect });
    const world = { clock, work: clock, network, store, random, log };
    const node = new IseNode({ self, world, bus: reachable, reach, settings, dispatch, mail, sealingKey: boot.sealingKey, onDefect });
    node.answer('set-faults', async (standing) => {
      await letStand(standing, { links, network, reach });
      return {};
    });
    reach.onChange(() => {
      dispatch.again();
      return Promise.resolve();
    });
    settings.onChange(() => { dispatch.again(); });
    node.answer('show-attempts', () => Promise.resolve({ attempts: attempts.list() }));
    node.answer('ping', () => Promise.resolve({ open: clock.openWork() }));
    // JSON shows each secret as ***.
    node.answer('show-settings', () => Promise.resolve({ revision: settings.held().revision, pages: JSON.parse(JSON.stringify(settings.held().pages)) as Record<string, unknown> }));
    node.answer('smtp-probe', ({ trace = false }) => node.testConnection(node.page('smtp-server'), { by: 'isesim', trace }));
    node.answer('raise-alarm', async (alarm) => ({ id: (await node.raiseAlarm(alarm)).id }));
    refuseVerbsOfOthers(node);
    for (const persona of self.personas) await assume[persona]?.(node);
    await reportStatus(bus, boot, settings);
    await once(settings, isComplete, () => dispatch.resume());
    way.joined();
  };

  const admitted = new Promise<void>((resolve, reject) => {
    void end.onGrant((grant) => {
      bus.learn(grant.incarnations ?? {});
      clock.obey(grant);
      resolve();
    }).then(() => { clock.hello(); }, reject);
  });
  const leave = async () => {
    clock.revoke();
    network.destroyAll();
    await bus.close();
    await store.settled();
  };
  try {
    await admitted;
    await clock.start('join', join);
  } catch (error) {
    await leave();
    throw error;
  }
  return {
    stop: async () => {
      await clock.start('leave', () => mail.close());
      await leave();
    },
    kill: leave,
    freeze: () => { clock.freeze(); },
    thaw: () => { clock.thaw(); },
  };
}

/** Keeps the deployment told of the status and of the revision that this node holds. */
async function reportStatus(bus: Bus, boot: NodeBoot, settings: SettingsReplication): Promise<void> {
  const report = async (held: HeldConfiguration) => {
    const registered = held.pages.deployment?.nodes.some(({ name }) => name === boot.node.name) ?? false;
    const value: NodeReport = {
      node: boot.node.name,
      incarnation: boot.incarnation,
      status: isComplete(held) && registered ? 'Connected' : 'InProgress',
      settingsRevision: held.revision,
      smtpServer: held.pages['smtp-server'] ? 'configured' : 'not configured',
      pid: process.pid,
    };
    await bus.write(bus.streams.status, bus.subjects.report(boot.node.name), value);
  };
  await report(settings.held());
  // While the first pages arrive there is nothing new to tell: the node is InProgress until it holds them all.
  settings.onChange((held) => (isComplete(held) ? report(held) : undefined));
}

/** Calls `then` as soon as the configuration held satisfies `test`, now or after a change, and never again. */
async function once(settings: SettingsReplication, test: (held: HeldConfiguration) => boolean, then: () => Promise<void>): Promise<void> {
  let done = false;
  const look = async (held: HeldConfiguration) => {
    if (done || !test(held)) return;
    done = true;
    await then();
  };
  settings.onChange(look);
  await look(settings.held());
}
