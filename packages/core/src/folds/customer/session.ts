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

type Resolution = NonNullable<Session['resolution']>

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

/**
 * Sessions that no later change can concern: the first ones, by opening, whose contacts are past their lifetime. One that an earlier, living contact
 * may be repeated by stays.
 */
export function settledSessions(
  sessions: Iterable<Session>,
  final: ReadonlySet<string>,
): Session[] {
  const all = [...sessions]
  const ordered = inOrder(all)
  const firstLiving = ordered.findIndex(({ contactId }) => !final.has(contactId))
  const alone = all.filter(({ contactId, openedMs }) => openedMs === null && final.has(contactId))
  return [...(firstLiving === -1 ? ordered : ordered.slice(0, firstLiving)), ...alone]
}

/**
 * Sessions that were not solved at first contact although they seemed to be (semantics 20): the same customer opened another contact within the window
 * after the resolution (up to exactly its end), on the same topic or where either has none. A row counts where the resolution did, so that numerator and
 * denominator stay in one bucket and slice.
 */
export function sessionRows(sessions: Iterable<Session>): SessionRow[] {
  const ordered = inOrder(sessions)
  return ordered.flatMap((session) => {
    const { contactId, resolution } = session
    if (resolution === null || !isRepeated(session, resolution, ordered)) return []
    const { atMs, isMature } = resolution
    return [
      {
        grain: 'session' as const,
        contactId,
        repeated: { atMs, credit: dimensionsOf(resolution), isMature },
      },
    ]
  })
}

type Opened = Session & { readonly openedMs: EpochMs }

function inOrder(sessions: Iterable<Session>): Opened[] {
  return [...sessions]
    .filter((session): session is Opened => session.openedMs !== null)
    .sort((a, b) => a.openedMs - b.openedMs || (a.contactId < b.contactId ? -1 : 1))
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

function isRepeated(
  { contactId, topic }: Opened,
  { atMs, windowMs }: Resolution,
  ordered: readonly Opened[],
): boolean {
  return ordered.some(
    (other) =>
      other.contactId !== contactId &&
      other.openedMs > atMs &&
      other.openedMs <= atMs + windowMs &&
      (other.topic === undefined || topic === undefined || other.topic === topic),
  )
}
