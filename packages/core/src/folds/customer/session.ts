import { dimensionSet, equalDimensions, type DimensionSet } from '../../measures/dimension-set.ts'
import type { ContactAttributes, DimensionValues } from '../../measures/measure.ts'
import type { SessionRow } from '../../subjects/row.ts'
import type { EpochMs } from '../../time/time.ts'

/** When somebody first answered a contact, and where that counts. */
export type Served = { readonly atMs: EpochMs; readonly credit: DimensionValues }

/** What a customer needs to know of one of its contacts. A later one of the same contact replaces it. */
export type Session = {
  readonly contactId: string
  /** `null`: it repeats nothing and is repeated by nothing, as it is outbound or opened by system. */
  readonly openedMs: EpochMs | null
  /** `null`: not yet. */
  readonly served: Served | null
  readonly topic: string | undefined
  /** Its first resolution, where that counts as solved at first contact unless the customer comes back; else `null`. */
  readonly resolution: {
    readonly atMs: EpochMs
    readonly windowMs: number
    /** The window has passed. */
    readonly isMature: boolean
    readonly queue: string
    readonly agent: string
    readonly topic: string | undefined
    readonly channel: string
    readonly class: string
    readonly attributes: ContactAttributes
  } | null
}

export type Resolution = NonNullable<Session['resolution']>

export function equalSessions(a: Session, b: Session): boolean {
  if (a.contactId !== b.contactId || a.openedMs !== b.openedMs || a.topic !== b.topic) return false
  if (!equalServed(a.served, b.served)) return false
  if (a.resolution === null || b.resolution === null) return a.resolution === b.resolution
  return (
    a.resolution.atMs === b.resolution.atMs &&
    a.resolution.windowMs === b.resolution.windowMs &&
    a.resolution.isMature === b.resolution.isMature &&
    equalDimensions(dimensionsOf(a.resolution), dimensionsOf(b.resolution))
  )
}

export function equalServed(a: Served | null, b: Served | null): boolean {
  if (a === null || b === null) return a === b
  return a.atMs === b.atMs && equalDimensions(a.credit, b.credit)
}

/** It counts where the resolution did, so that numerator and denominator stay in one bucket and slice. */
export function repeatedRow({
  contactId,
  resolution,
}: Session & { readonly resolution: Resolution }): SessionRow {
  const { atMs, isMature } = resolution
  const repeated = { atMs, credit: dimensionsOf(resolution), isMature }
  return { grain: 'session', contactId, repeated }
}

function dimensionsOf({
  attributes,
  topic,
  queue,
  agent,
  channel,
  class: channelClass,
}: Resolution): DimensionSet {
  return dimensionSet({ queue, agent, channel, class: channelClass }, { ...attributes, topic })
}
