import type { TenantConfig } from '@deskpulse/core/config'
import type { KpiValue } from '@deskpulse/core/kpis'
import { configKey, logClockKey, slicesKey, subjectDaysKey } from '@deskpulse/core/state'
import { subjectDaysIn, Tenant } from '@deskpulse/engine'
import type { ReadQuery, Snapshot } from '@deskpulse/stream'
import type { Enter } from '../reading/question.ts'
import { granted, type Outcome, type TenantBasis, tenantQuestion } from '../reading/tenant.ts'
import type { PageStart } from './cursor.ts'
import type { Listing } from './listing.ts'
import type { Explained } from './request.ts'

export type ExplainSource = {
  readonly tenant: string
  readonly configured: TenantConfig | undefined
  /** Of the tenant's partition, past what is held of it: states and journals are not told of when they change. */
  read(query: ReadQuery): Promise<Snapshot>
  readonly enter: Enter
}

export type ExplainPage = {
  readonly from: PageStart
  readonly limit: number
  readonly withEvents: boolean
}

/** A page of the rows behind a value. */
export type ExplainedPage = {
  readonly source: 'state' | 'log'
  readonly basis: TenantBasis
  readonly explained: Explained
  readonly value: KpiValue
  readonly listing: Listing
  /** What is wrong with the clocks in the log. */
  readonly clock: Uint8Array | null
  /** The moment that all of it is of. */
  readonly snapshot: Snapshot
}

type Values = readonly (Uint8Array | null)[]

/** What the tenant is, as it is read before anything else. */
export type Basis = {
  readonly keys: readonly string[]
  /** @param values of the keys. */
  read(snapshot: Snapshot, values?: Values): Outcome<TenantBasis>
  clockIn(values: Values): Uint8Array | null
  /** Of how many pieces the lists of days are. */
  daysIn(values: Values): ReadonlyMap<number, number>
  /** As folds see it. */
  tenantIn(values: Values): Tenant
}

export function basisFor({ tenant, configured }: ExplainSource): Basis {
  const question = tenantQuestion(tenant, configured, (found) => ({
    kind: 'settled',
    result: granted(found),
  }))
  const keys = [...question.basis, logClockKey, subjectDaysKey(tenant)]
  const stored = (values: Values, key: string): Uint8Array | null =>
    values[keys.indexOf(key)] ?? null
  return {
    keys,
    read(snapshot, values = snapshot.values) {
      const step = question.plan({ ...snapshot, values: values.slice(0, -2), open: [] })
      if (step.kind !== 'settled') throw new Error('a basis is settled without a read')
      return step.result
    },
    clockIn: (values) => stored(values, logClockKey),
    daysIn: (values) => subjectDaysIn(stored(values, subjectDaysKey(tenant))),
    tenantIn: (values) =>
      new Tenant(tenant, [stored(values, configKey(tenant)), stored(values, slicesKey(tenant))]),
  }
}

export const sameBytes = (a: Values, b: Values): boolean =>
  a.every((bytes, place) => {
    const other = b[place] ?? null
    return bytes === null || other === null ? bytes === other : Buffer.compare(bytes, other) === 0
  })
