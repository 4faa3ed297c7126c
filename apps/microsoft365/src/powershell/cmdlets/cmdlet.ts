import type { Instant, Random, Tenant } from '@isesim/domain';
import type { TenantState } from '../../tenant/tenant-state.ts';
import type { Bound } from '../bound.ts';
import type { Session } from '../session.ts';
import type { Value } from '../values/value.ts';

/** One cmdlet, as Microsoft names it and its parameters. */
export interface Cmdlet {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** Where it comes from: those of a service want a connection to it first. */
  readonly from: 'Exchange Online' | 'Microsoft Graph' | 'PowerShell';
  /** One line for Get-Help. */
  readonly help: string;
  readonly example: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly run: (bound: Bound, context: Context) => readonly Value[];
}

export interface Parameter {
  readonly takes: 'text' | 'texts' | 'flag' | 'switch' | 'date' | 'number' | 'value';
  readonly mandatory?: true;
  /** Where it stands when its name is left out, from 0. */
  readonly position?: number;
  readonly aliases?: readonly string[];
  /** The words that it takes and no other. */
  readonly oneOf?: readonly string[];
  /** Takes what comes through the pipeline: an object by this property of it, else by what identifies it. */
  readonly fromPipeline?: string;
}

/** What a cmdlet works on. */
export interface Context {
  readonly tenant: TenantState;
  readonly session: Session;
  readonly now: Instant;
  readonly random: Random;
  /** All cmdlets there are, for Get-Help. */
  readonly cmdlets: readonly Cmdlet[];
  /** What came through the pipeline. */
  readonly input: readonly Value[];
  /** Prints at once, before what the cmdlet gives: warnings, greetings. */
  readonly say: (text: string) => void;
}

/** For cmdlets that only change the tenant and give nothing. */
export function change(context: Context, edit: (tenant: Tenant) => Tenant): readonly Value[] {
  context.tenant.change(edit);
  return [];
}
