import { Bus, microsoft365, OutdatedWrite } from '@isesim/bus';
import { AgentClock } from '@isesim/clock';
import { isLinkFault, seededRandom, unseal, type AcceptedMail, type ClockEnd, type Microsoft365Boot, type Microsoft365Ready, type StandingFaults, type Tenant } from '@isesim/domain';
import { IdTaken } from './exchange/arrivals.ts';
import { keptCertificates } from './kept-certificates.ts';
import { startMicrosoft365, type Microsoft365 } from './microsoft365.ts';
import { PowerShell } from './powershell/power-shell.ts';
import { TenantFile } from './tenant/tenant-file.ts';

export interface RunningMicrosoft365 {
  readonly ready: Microsoft365Ready;
  stop(): Promise<void>;
}

const closeWithinMs = 2_000;

type OnDefect = (what: string, error: unknown) => void;

/** The double as an agent of a deployment: its clock, its connection to the bus, and the record it writes there. */
export async function runMicrosoft365(boot: Microsoft365Boot, onDefect: OnDefect, clockEnd?: ClockEnd): Promise<RunningMicrosoft365> {
  const incarnation = `${microsoft365}#${boot.incarnation}`;
  const clock: AgentClock = new AgentClock({ agent: incarnation, start: boot.time, push: (report) => { end.report(report); }, onDefect });
  const bus = await Bus.connect({ ...boot.nats, deployment: boot.deployment, name: microsoft365, incarnation, clock, onDefect });
  // It starts before the nodes: of what several accounts ask first and at once, answers can be lost.
  await bus.untilAnswered(bus.streams.mail);
  const end: ClockEnd = clockEnd ?? bus;
  const double = await startDouble(boot, { clock, bus, onDefect });
  await end.onGrant((grant) => { clock.obey(grant); });
  clock.hello();
  const { login, smtp, proxy, roots } = double;
  return {
    ready: { login, smtp, proxy, roots },
    stop: async () => {
      await closeInTime(double);
      clock.revoke();
      await bus.close();
    },
  };
}

interface Agent {
  readonly clock: AgentClock;
  readonly bus: Bus;
  readonly onDefect: OnDefect;
}

/** The double with the tenant that was kept, which can be disturbed and administered over the bus. */
async function startDouble(boot: Microsoft365Boot, { clock, bus, onDefect }: Agent): Promise<Microsoft365> {
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
    record: (mail) => writeRecord(bus, mail),
    listen: boot.listen,
    certificates: await keptCertificates(boot.folder),
    onDefect,
  });
  answerFaults(bus, double, boot.faults);
  const powerShell = new PowerShell({ tenant: double.tenant, clock, random, keep: (kept) => tenantFile.write(kept) });
  bus.answer('m365', (command) => powerShell.run(command));
  return double;
}

async function writeRecord(bus: Bus, mail: AcceptedMail): Promise<void> {
  const { id } = mail.record;
  try {
    await bus.writeOnce(bus.streams.mail, bus.subjects.mail(id), mail);
  } catch (error) {
    throw error instanceof OutdatedWrite ? new IdTaken(id) : error;
  }
}

/** The faults of the double itself; those on the way to it are the nodes' own. */
function answerFaults(bus: Bus, double: Microsoft365, standing: StandingFaults | undefined): void {
  const setFaults = ({ faults }: StandingFaults) => {
    double.faults.set(faults.filter((each) => !isLinkFault(each)));
  };
  if (standing) setFaults(standing);
  bus.answer('set-faults', (now) => {
    setFaults(now);
    return Promise.resolve({});
  });
}

/** A record that nobody lets it write must not keep the double from leaving. */
async function closeInTime(double: Microsoft365): Promise<void> {
  await Promise.race([double.close(), new Promise((resolve) => { setTimeout(resolve, closeWithinMs).unref(); })]);
}
