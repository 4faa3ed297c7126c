import { Problem, type Clock, type Random, type Tenant } from '@isesim/domain';
import type { KeptTenant, TenantState } from '../tenant/tenant-state.ts';
import { cmdlets } from './cmdlets/all.ts';
import { evaluateStatement } from './evaluate.ts';
import { parseScript } from './language/parse-script.ts';
import { print } from './output/print.ts';
import { Session } from './session.ts';
import { plain, type Value } from './values/value.ts';

export interface PowerShellWorld {
  readonly tenant: TenantState;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Random;
  /** Keeps the tenant for good; a command ends only after that. */
  readonly keep?: (tenant: KeptTenant) => Promise<void>;
}

export interface PowerShellCommand {
  /** One cmdlet, a script, or the line of a prompt. */
  readonly command: string;
  /** Names a session that lasts: its variables, and where it is connected. Left out: a session of its own. */
  readonly session?: string | undefined;
  /** Begins with both services connected. Left out: so where no session is named. */
  readonly connected?: boolean | undefined;
}

export interface PowerShellResult {
  /** As PowerShell prints it. */
  readonly output: string;
  /** The same as data. */
  readonly objects: unknown[];
  /** What ended the script; all before it is done. The code `incomplete`: a prompt asks for the next line. */
  readonly error?: { readonly code: string; readonly message: string; readonly remedy: string };
}

// An own limit: prompts that were left open must not fill the memory.
const sessionsMax = 100;

/** PowerShell with the modules for Exchange Online and Microsoft Graph, as far as a tenant is administered with it here. */
export class PowerShell {
  readonly #world: PowerShellWorld;
  readonly #sessions = new Map<string, Session>();

  constructor(world: PowerShellWorld) {
    this.#world = world;
  }

  /** Runs a script up to its first error. */
  async run({ command, session: name, connected = name === undefined }: PowerShellCommand): Promise<PowerShellResult> {
    const session = this.#session(name);
    if (connected) for (const service of ['Exchange Online', 'Microsoft Graph'] as const) session.connected.add(service);
    const { tenant, keep } = this.#world;
    const before = tenant.kept;
    const result = this.#runIn(session, command);
    if (keep && tenant.kept !== before) await keep(tenant.kept);
    return result;
  }

  #runIn(session: Session, command: string): PowerShellResult {
    const { tenant, clock, random } = this.#world;
    const printed: string[] = [];
    const objects: Value[] = [];
    const context = { tenant, session, random, cmdlets, now: clock.now(), say: (text: string) => printed.push(text) };
    try {
      for (const statement of parseScript(command)) {
        const values = evaluateStatement(statement, context);
        printed.push(print(values));
        objects.push(...values);
      }
      return resultOf(printed, objects);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return { ...resultOf(printed, objects), error: withoutSecrets(error, tenant.current) };
    }
  }

  #session(name: string | undefined): Session {
    if (name === undefined) return new Session();
    const session = this.#sessions.get(name) ?? new Session();
    // The one used last stands last; the one unused for longest goes first.
    this.#sessions.delete(name);
    this.#sessions.set(name, session);
    const [oldest = name] = this.#sessions.keys();
    if (this.#sessions.size > sessionsMax) this.#sessions.delete(oldest);
    return session;
  }
}

function resultOf(printed: readonly string[], objects: readonly Value[]): PowerShellResult {
  return { output: printed.join(''), objects: objects.flatMap((value) => [plain(value)].flat() as unknown[]) };
}

/** An error repeats what was typed; a client secret that was typed into the wrong place is not repeated. */
function withoutSecrets({ code, message, remedy }: Problem, { applications }: Tenant) {
  const values = applications.flatMap(({ secrets }) => secrets.map(({ value }) => value));
  const masked = (text: string) => values.reduce((rest, value) => value.maskIn(rest), text);
  return { code, message: masked(message), remedy: masked(remedy) };
}
