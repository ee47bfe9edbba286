import { dimensionSet, equalDimensions, type DimensionSet } from '../../measures/dimension-set.ts'
import type { ContactAttributes, DimensionValues } from '../../measures/measure.ts'
import type { RepeatRow, SessionRow } from '../../subjects/row.ts'
import type { EpochMs } from '../../time/time.ts'

/** When a contact was opened, and where that counts. */
export type Opening = { readonly atMs: EpochMs; readonly credit: DimensionValues }

/** When somebody first answered a contact, and where that counts. */
export type Served = { readonly atMs: EpochMs; readonly credit: DimensionValues }

/** What a customer needs to know of one of its contacts. A later one of the same contact replaces it. */
export type Session = {
  readonly contactId: string
  /** `null`: it repeats nothing and is repeated by nothing, as it is outbound or opened by system. */
  readonly opened: Opening | null
  /** `null`: not yet. */
  readonly served: Served | null
  readonly topic: string | undefined
  /** Its first resolution, of one that was opened. `isSolved`: it counts as solved at first contact unless the customer comes back. */
  readonly resolution: {
    readonly atMs: EpochMs
    readonly windowMs: number
    readonly isSolved: boolean
    /** It is solved, and the window has passed. */
    readonly isMature: boolean
    readonly isInAuthority: boolean
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
  if (a.contactId !== b.contactId || a.topic !== b.topic) return false
  if (!equalMoments(a.opened, b.opened) || !equalMoments(a.served, b.served)) return false
  if (a.resolution === null || b.resolution === null) return a.resolution === b.resolution
  return (
    a.resolution.atMs === b.resolution.atMs &&
    a.resolution.windowMs === b.resolution.windowMs &&
    a.resolution.isSolved === b.resolution.isSolved &&
    a.resolution.isMature === b.resolution.isMature &&
    a.resolution.isInAuthority === b.resolution.isInAuthority &&
    equalDimensions(dimensionsOf(a.resolution), dimensionsOf(b.resolution))
  )
}

export const equalServed = (a: Served | null, b: Served | null): boolean => equalMoments(a, b)

function equalMoments(a: Opening | Served | null, b: Opening | Served | null): boolean {
  if (a === null || b === null) return a === b
  return a.atMs === b.atMs && equalDimensions(a.credit, b.credit)
}

/** It counts where the resolution did, so that numerator and denominator stay in one bucket and slice. */
export function repeatedRow({
  contactId,
  resolution,
}: Session & { readonly resolution: Resolution }): SessionRow {
  const { atMs, isMature, isInAuthority } = resolution
  const repeated = { atMs, credit: dimensionsOf(resolution), isMature, isInAuthority }
  return { grain: 'session', contactId, repeated }
}

/** It counts where the contact was opened. */
export function repeatRow({
  contactId,
  opened: { atMs, credit },
}: Session & { readonly opened: Opening }): RepeatRow {
  return { grain: 'repeat', contactId, opened: { atMs, credit: dimensionSet(credit, credit) } }
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
