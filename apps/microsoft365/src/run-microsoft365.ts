import { Bus, microsoft365, OutdatedWrite } from '@isesim/bus';
import { AgentClock } from '@isesim/clock';
import { isLinkFault, seededRandom, unseal, type ClockEnd, type Microsoft365Boot, type Microsoft365Ready, type StandingFaults, type Tenant } from '@isesim/domain';
import { IdTaken } from './exchange/arrivals.ts';
import { keptCertificates } from './kept-certificates.ts';
import { startMicrosoft365 } from './microsoft365.ts';
import { PowerShell } from './powershell/power-shell.ts';
import { TenantFile } from './tenant/tenant-file.ts';

export interface RunningMicrosoft365 {
  readonly ready: Microsoft365Ready;
  stop(): Promise<void>;
}

const closeWithinMs = 2_000;

/** The double as an agent of a deployment: its clock, its connection to the bus, and the record it writes there. */
export async function runMicrosoft365(boot: Microsoft365Boot, onDefect: (what: string, error: unknown) => void, clockEnd?: ClockEnd): Promise<RunningMicrosoft365> {
  const incarnation = `${microsoft365}#${boot.incarnation}`;
  const clock: AgentClock = new AgentClock({ agent: incarnation, start: boot.time, push: (report) => { end.report(report); }, onDefect });
  const bus = await Bus.connect({ ...boot.nats, deployment: boot.deployment, name: microsoft365, incarnation, clock, onDefect });
  const end = clockEnd ?? bus;
  const tenant = unseal(boot.tenant, boot.sealingKey) as Tenant;
  const tenantFile = new TenantFile(boot.folder, boot.sealingKey, clock);
  const random = seededRandom(boot.seed, microsoft365);
  const double = await startMicrosoft365({
    tenant: (await tenantFile.read(tenant)) ?? tenant,
    nodes: boot.nodes,
    evidence: boot.evidence,
    clock,
    work: clock,
    random,
    wallClock: () => new Date(),
    record: async (mail) => {
      try {
        await bus.writeOnce(bus.streams.mail, bus.subjects.mail(mail.record.id), mail);
      } catch (error) {
        throw error instanceof OutdatedWrite ? new IdTaken(mail.record.id) : error;
      }
    },
    listen: boot.listen,
    certificates: await keptCertificates(boot.folder),
    onDefect,
  });
  const setFaults = ({ faults }: StandingFaults) => {
    double.faults.set(faults.filter((each) => !isLinkFault(each)));
  };
  if (boot.faults) setFaults(boot.faults);
  bus.answer('set-faults', (standing) => {
    setFaults(standing);
    return Promise.resolve({});
  });
  const powerShell = new PowerShell({ tenant: double.tenant, clock, random, keep: (kept) => tenantFile.write(kept) });
  bus.answer('m365', (command) => powerShell.run(command));
  await end.onGrant((grant) => { clock.obey(grant); });
  clock.hello();
  const { login, smtp, proxy, roots } = double;
  return {
    ready: { login, smtp, proxy, roots },
    stop: async () => {
      // A record that nobody lets it write must not keep the double from leaving.
      await Promise.race([double.close(), new Promise((resolve) => { setTimeout(resolve, closeWithinMs).unref(); })]);
      clock.revoke();
      await bus.close();
    },
  };
}
