import { countOfRecord, measures, otherValue, parseSlice } from '@deskpulse/core'
import { boundedLabel, type Metrics } from '@deskpulse/runtime'
import type { RecordDelta } from './partition/measure-deltas.ts'

/** What has series of its own in this process; the tenants and queues that come later share one. */
export const labelLimits = { tenantsMax: 1_000, queuesPerTenantMax: 200 } as const

/** No tenant can have this name. */
const otherTenants = '_other'

type CountedDelta = Pick<RecordDelta, 'slice' | 'resolution' | 'family' | 'delta'> & {
  readonly tenant: { readonly name: string; readonly slices: Pick<RecordDelta['tenant']['slices'], 'textOf'> }
}

/**
 * Counters for burn rates: they only rise, so what a late or discarded event takes back is counted apart. Slices of a queue alone are read, each
 * change once, at the resolution that every change reaches.
 */
export function replyCounters(metrics: Pick<Metrics, 'repliesDue' | 'repliesWithin' | 'repliesCorrections'>) {
  const tenantLabel = boundedLabel(labelLimits.tenantsMax, otherTenants)
  const queueLabels = new Map<string, (queue: string) => string>()

  function labelsOf(tenantName: string, queueName: string): { readonly tenant: string; readonly queue: string } {
    const tenant = tenantLabel(tenantName)
    const queueLabel = queueLabels.getOrInsertComputed(tenant, () => boundedLabel(labelLimits.queuesPerTenantMax, otherValue))
    return { tenant, queue: tenant === otherTenants ? otherValue : queueLabel(queueName) }
  }

  return function count({ tenant, slice, resolution, family, delta }: CountedDelta): void {
    if (resolution !== 'day' || family !== 'response') return
    const parsed = parseSlice(tenant.slices.textOf(slice) ?? '')
    if (!parsed.ok || parsed.slice.length !== 1 || parsed.slice[0]!.dimension !== 'queue') return
    const due = countOfRecord(delta, measures.replyDue.field)
    const within = countOfRecord(delta, measures.replyDueWithin.field)
    if (due === 0 && within === 0) return
    const labels = labelsOf(tenant.name, parsed.slice[0]!.value)
    for (const [kind, counter, change] of [
      ['due', metrics.repliesDue, due],
      ['within', metrics.repliesWithin, within],
    ] as const) {
      if (change > 0) counter.inc(labels, change)
      if (change < 0) metrics.repliesCorrections.inc({ ...labels, kind }, -change)
    }
  }
}
