import { Bus, microsoft365, OutdatedWrite } from '@isesim/bus';
import { AgentClock } from '@isesim/clock';
import { seededRandom, unseal, type Microsoft365Boot, type Microsoft365Ready, type Tenant } from '@isesim/domain';
import { IdTaken } from './exchange/arrivals.ts';
import { startMicrosoft365 } from './microsoft365.ts';

export interface RunningMicrosoft365 {
  readonly ready: Microsoft365Ready;
  stop(): Promise<void>;
}

const closeWithinMs = 2_000;

/** The double as an agent of a deployment: its clock, its connection to the bus, and the record it writes there. */
export async function runMicrosoft365(boot: Microsoft365Boot, onDefect: (what: string, error: unknown) => void): Promise<RunningMicrosoft365> {
  const incarnation = `${microsoft365}#${boot.incarnation}`;
  const clock: AgentClock = new AgentClock({ agent: incarnation, start: boot.time, push: (report) => { bus.report(report); }, onDefect });
  const bus = await Bus.connect({ ...boot.nats, deployment: boot.deployment, name: microsoft365, incarnation, clock, onDefect });
  const double = await startMicrosoft365({
    tenant: unseal(boot.tenant, boot.sealingKey) as Tenant,
    nodes: boot.nodes,
    evidence: boot.evidence,
    clock,
    work: clock,
    random: seededRandom(boot.seed, microsoft365),
    wallClock: () => new Date(),
    record: async (mail) => {
      try {
        await bus.writeOnce(bus.streams.mail, bus.subjects.mail(mail.record.id), mail);
      } catch (error) {
        throw error instanceof OutdatedWrite ? new IdTaken(mail.record.id) : error;
      }
    },
    listen: boot.listen,
    onDefect,
  });
  await bus.onGrant((grant) => { clock.obey(grant); });
  clock.hello();
  const { login, smtp, roots } = double;
  return {
    ready: { login, smtp, roots },
    stop: async () => {
      // A record that nobody lets it write must not keep the double from leaving.
      await Promise.race([double.close(), new Promise((resolve) => { setTimeout(resolve, closeWithinMs).unref(); })]);
      clock.revoke();
      await bus.close();
    },
  };
}
