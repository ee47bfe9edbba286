import { measures } from '@deskpulse/core/kpis'
import { countOfRecord, otherValue, parseSlice } from '@deskpulse/core/measures'
import { boundedLabel, type Metrics } from '@deskpulse/runtime'
import type { BucketDeltas } from '@deskpulse/engine'

/** What has series of its own in this process; the tenants and queues that come later share one. */
export const labelLimits = { tenantsMax: 1_000, queuesPerTenantMax: 200 } as const

/** No tenant can have this name. */
const otherTenants = '_other'

type CountedTenant = {
  readonly name: string
  readonly slices: Pick<BucketDeltas['tenant']['slices'], 'textOf'>
}
type CountedDeltas = Pick<BucketDeltas, 'records'> & {
  readonly tenant: CountedTenant
  readonly starts: Pick<BucketDeltas['starts'], 'day'>
}

/** What one fold does to the replies of a slice on a day. */
type Change = {
  readonly tenant: CountedTenant
  readonly slice: number
  due: number
  within: number
}

/**
 * Counters for burn rates: they only rise, so what a late or discarded event takes back is counted apart. Slices of a queue alone are read. What moves
 * within its day is no change.
 */
export function replyCounters(
  metrics: Pick<Metrics, 'repliesDue' | 'repliesWithin' | 'repliesCorrections'>,
) {
  const tenantLabel = boundedLabel(labelLimits.tenantsMax, otherTenants)
  const queueLabels = new Map<string, (queue: string) => string>()

  function labelsOf(
    tenantName: string,
    queueName: string,
  ): { readonly tenant: string; readonly queue: string } {
    const tenant = tenantLabel(tenantName)
    const queueLabel = queueLabels.getOrInsertComputed(tenant, () =>
      boundedLabel(labelLimits.queuesPerTenantMax, otherValue),
    )
    return { tenant, queue: tenant === otherTenants ? otherValue : queueLabel(queueName) }
  }

  function count({ tenant, slice, due, within }: Change): void {
    if (due === 0 && within === 0) return
    const parsed = parseSlice(tenant.slices.textOf(slice) ?? '')
    if (!parsed.ok || parsed.slice.length !== 1 || parsed.slice[0]!.dimension !== 'queue') return
    const labels = labelsOf(tenant.name, parsed.slice[0]!.value)
    for (const [kind, counter, change] of [
      ['due', metrics.repliesDue, due],
      ['within', metrics.repliesWithin, within],
    ] as const) {
      if (change > 0) counter.inc(labels, change)
      if (change < 0) metrics.repliesCorrections.inc({ ...labels, kind }, -change)
    }
  }

  /** Of one fold. */
  return function countAll(deltas: readonly CountedDeltas[]): void {
    for (const changes of changesByDay(deltas)) for (const change of changes.values()) count(change)
  }
}

/** By slice, for each tenant and day. */
function changesByDay(deltas: readonly CountedDeltas[]): Iterable<ReadonlyMap<number, Change>> {
  const days = new Map<string, Map<number, Change>>()
  for (const { tenant, starts, records } of deltas) {
    const day = `${tenant.name} ${starts.day}`
    const changes = days.get(day) ?? new Map<number, Change>()
    days.set(day, changes)
    for (const { slice, delta } of records) {
      let change = changes.get(slice)
      if (change === undefined) changes.set(slice, (change = { tenant, slice, due: 0, within: 0 }))
      change.due += countOfRecord(delta, measures.replyDue)
      change.within += countOfRecord(delta, measures.replyDueWithin)
    }
  }
  return days.values()
}
