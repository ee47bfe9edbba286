import type { WaitingResponse } from '@deskpulse/contract'
import { catalogueOf, livePlan, type ReadingPlan } from '@deskpulse/core/kpis'
import { keepsSlice, type Slice } from '@deskpulse/core/measures'
import type { OpenAnswer, WaitingRow } from '@deskpulse/core/state'
import { minuteMs } from '@deskpulse/core/time'
import type { TenantBasis } from '../reading/tenant.ts'
import type { KpiValues } from './rows.ts'

type Row = WaitingResponse['rows'][number]

/** Where a caller stands in the queue, and for how long that will probably be. */
export type QueuePlace = Pick<Row, 'position' | 'estimatedWaitMs'>

export const noPlace: QueuePlace = { position: null, estimatedWaitMs: null }

/** The window of the rate at which a queue answers calls. Its end is not the instant of the read: an estimate would change with log time alone. */
const minutes = 30

/** Its `count` is how many calls were answered. */
const answered = 'speed_of_answer'

/** What to read for the rate at which a queue answers calls: nothing, where the queue has no slice of its own. */
export function answeredPlan(queue: string, basis: TenantBasis): ReadingPlan {
  const { tenant, config, history, running, logTimeMs } = basis
  const slice: Slice = [{ dimension: 'queue', value: queue }]
  const sources = keepsSlice(slice, config) ? basis.sourcesOf(slice) : []
  const kpis = [catalogueOf(config).byId(answered)!]
  const question = { tenant, slice, sources, config, history, kpis, running }
  return livePlan(question, { minutes }, logTimeMs)
}

/** One call is answered in so many ms; `null`: none was. */
export function msPerAnswer(values: KpiValues): number | null {
  const count = values[answered]?.count ?? 0
  return count === 0 ? null : (minutes * minuteMs) / count
}

/**
 * The places of callers. Who is in no queue yet has none, nor has an owed reply.
 * @param callers all who wait, in the order in which they came @param paces ms in which a queue answers one call
 */
export function placesOf(
  { oldest }: OpenAnswer,
  paces: ReadonlyMap<string, number | null>,
): (row: Pick<Row, 'kind' | 'contactId' | 'queue'>) => QueuePlace {
  const lengths = new Map<string, number>()
  const positions = new Map<string, number>()
  for (const { row } of oldest) {
    const { contactId, queue } = row as WaitingRow
    if (queue === undefined) continue
    const position = (lengths.get(queue) ?? 0) + 1
    lengths.set(queue, position)
    positions.set(contactId, position)
  }
  return ({ kind, contactId, queue }) => {
    const position = positions.get(contactId)
    if (kind !== 'queue' || queue === null || position === undefined) return noPlace
    const pace = paces.get(queue) ?? null
    return { position, estimatedWaitMs: pace === null ? null : Math.round(position * pace) }
  }
}
