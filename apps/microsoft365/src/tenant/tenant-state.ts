import type { Clock, Instant, Tenant } from '@isesim/domain';

/** A state of the tenant and the simulated instant since which it is so. */
export interface TenantVersion {
  readonly since: Instant;
  readonly tenant: Tenant;
}

/** All that outlives a restart of the double. */
export interface KeptTenant {
  /** When the tenant was first seen: what it had then was made then, as far as anybody can tell. */
  readonly begun: Instant;
  /** How often it was changed. */
  readonly changes: number;
  /** What is still gone by, the latest first. */
  readonly versions: readonly [TenantVersion, ...TenantVersion[]];
}

const standingClock: Pick<Clock, 'now'> = { now: () => 0 };

/**
 * The tenant as it is now. Entra ID and Exchange Online look at it anew each time, so it can be administered meanwhile.
 * Entra ID goes by a change at once; Exchange Online only after the tenant's propagation delay.
 */
export class TenantState {
  #kept: KeptTenant;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(tenant: Tenant | KeptTenant, clock = standingClock) {
    this.#clock = clock;
    // What a tenant begins with has always been so.
    this.#kept = 'versions' in tenant ? tenant : { begun: clock.now(), changes: 0, versions: [{ since: Number.MIN_SAFE_INTEGER, tenant }] };
  }

  /** As administered: what Entra ID goes by, and what cmdlets show. */
  get current(): Tenant {
    return this.#kept.versions[0].tenant;
  }

  /** What Exchange Online goes by. */
  get propagated(): Tenant {
    const { versions } = this.#kept;
    const until = this.#propagatedUntil(this.current);
    return (versions.find(({ since }) => since <= until) ?? versions.at(-1) ?? versions[0]).tenant;
  }

  get kept(): KeptTenant {
    return this.#kept;
  }

  change(edit: (tenant: Tenant) => Tenant): void {
    const tenant = edit(this.current);
    const { begun, changes } = this.#kept;
    this.#kept = { begun, changes: changes + 1, versions: [{ since: this.#clock.now(), tenant }, ...this.#stillGoneBy(tenant)] };
  }

  #stillGoneBy(tenant: Tenant): readonly TenantVersion[] {
    const { versions } = this.#kept;
    if ((tenant.propagationMs ?? 0) === 0) return [];
    const until = this.#propagatedUntil(tenant);
    const last = versions.findIndex(({ since }) => since <= until);
    return last < 0 ? versions : versions.slice(0, last + 1);
  }

  #propagatedUntil({ propagationMs = 0 }: Tenant): Instant {
    return this.#clock.now() - propagationMs;
  }
}
