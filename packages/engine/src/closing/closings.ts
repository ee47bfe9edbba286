import { encodeAlertRecord } from '@deskpulse/contract'
import type { IssuedPeriod } from '@deskpulse/core/closed'
import { closedKinds, type EpochMs } from '@deskpulse/core/time'
import { closingKey } from '@deskpulse/core/state'
import type { Load } from '@deskpulse/stream'
import type { ChangeSet } from '../partition/change-set.ts'
import type { BucketDeltas } from '../partition/measure-deltas.ts'
import type { Tenant } from '../partition/tenant.ts'
import { Allowance, type Due, issuePeriod, type Tick } from './issuing.ts'
import { TenantClosing } from './tenant-closing.ts'

/** Loads the tenants of these names that are not held, and holds them. */
export type HoldTenants = (names: readonly string[]) => Promise<(name: string) => Tenant>

/**
 * The closed periods of a partition. All that is issued is issued at ticks: whole minutes of log time, each before the first record that reaches it. So what is
 * issued, and when, is a function of the log alone.
 */
export class Closings {
  readonly #tenants = new Map<string, TenantClosing>()

  /** What a new owner has to know, of all tenants of the partition. */
  async restore(names: readonly string[], load: Load): Promise<void> {
    if (names.length === 0) return
    const { hashes } = await load([], null, names.map(closingKey))
    for (const [place, name] of names.entries())
      this.#tenants.set(name, new TenantClosing(name, hashes[place]))
  }

  /** What a fold has counted, for the tenants that are held. */
  note(
    deltas: readonly BucketDeltas[],
    tenants: Iterable<Tenant>,
    logTimeMs: EpochMs,
    changes: ChangeSet,
  ): void {
    for (const tenant of tenants) {
      if (!tenant.isConfigured) continue
      const closing = this.#of(tenant.name)
      closing.begin(logTimeMs, tenant.newestConfig)
      closing.follow(tenant)
    }
    for (const one of deltas) this.#of(one.tenant.name).note(one, one.tenant)
    for (const closing of this.#tenants.values()) closing.write(changes)
  }

  /** Before the first record of another minute is folded. `watermarkMs`: of the record before it. */
  async tick(tick: Tick, watermarkMs: EpochMs, hold: HoldTenants): Promise<void> {
    const all = [...this.#tenants.values()]
    const changed = all.filter(({ hasFresh }) => hasFresh).map(({ name }) => name)
    const changedTenant = await hold(changed)
    const due = all.flatMap((closing) =>
      closing
        .pass(tick.tickMs, watermarkMs, closing.hasFresh ? changedTenant(closing.name) : null)
        .map((period) => ({ closing, period })),
    )
    if (due.length === 0) return
    const tenantOf = await hold(due.map(({ closing: { name } }) => name))
    const allowance = new Allowance()
    const ordered = due.map((one): Due => ({ ...one, tenant: tenantOf(one.closing.name) }))
    const issued = new Map<string, IssuedPeriod[]>()
    for (const one of ordered.sort(inOrder)) {
      if (allowance.isSpent) break
      const period = await issuePeriod(one, tick, allowance)
      if (period !== null) issued.getOrInsertComputed(one.tenant.name, () => []).push(period)
    }
    for (const [tenant, periods] of issued) announce(tenant, periods, tick)
  }

  #of(name: string): TenantClosing {
    return this.#tenants.getOrInsertComputed(name, () => new TenantClosing(name))
  }
}

/** Tells the alerter, in one record, so that it knows by `closedAtMs` alone what it was told before. */
function announce(
  tenant: string,
  periods: readonly IssuedPeriod[],
  { partition, offset, alertsTopic: topic, tickMs: closedAtMs, changes }: Tick,
): void {
  const bytes = encodeAlertRecord({ kind: 'issued', issued: { tenant, closedAtMs, periods } })
  changes.out({ id: `${partition}-${offset}-${tenant}-issued`, topic, key: tenant, bytes })
}

/** Hours first; of a kind, those that ended first. */
function inOrder(one: Due, other: Due): number {
  const [a, b] = [one.period.frame, other.period.frame]
  return (
    closedKinds.indexOf(a.kind) - closedKinds.indexOf(b.kind) ||
    a.endMs - b.endMs ||
    a.startMs - b.startMs ||
    (one.tenant.name < other.tenant.name ? -1 : 1)
  )
}
