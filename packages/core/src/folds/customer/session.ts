import { dimensionSet, type DimensionSet } from '../../measures/dimension-set.ts'
import { measures, type ContactAttributes, type Fact } from '../../measures/measure.ts'
import type { EpochMs } from '../../time/time.ts'
import { equalDimensions } from '../ledger.ts'

/** What a customer needs to know of one of its contacts. A later one of the same contact replaces it. */
export type Session = {
  readonly contactId: string
  readonly openedMs: EpochMs
  readonly topic: string | undefined
  /** Its first resolution, where that counts as solved at first contact unless the customer comes back; else `null`. */
  readonly resolution: {
    readonly atMs: EpochMs
    readonly windowMs: number
    readonly queue: string
    readonly agent: string
    readonly topic: string | undefined
    readonly channel: string
    readonly class: string
    readonly attributes: ContactAttributes
  } | null
}

export function equalSessions(a: Session, b: Session): boolean {
  if (a.contactId !== b.contactId || a.openedMs !== b.openedMs || a.topic !== b.topic) return false
  if (a.resolution === null || b.resolution === null) return a.resolution === b.resolution
  return (
    a.resolution.atMs === b.resolution.atMs &&
    a.resolution.windowMs === b.resolution.windowMs &&
    equalDimensions(dimensionsOf(a.resolution), dimensionsOf(b.resolution))
  )
}

/**
 * Sessions that no later change can concern: the first ones, by opening, whose contacts are past their lifetime. One that an earlier, living contact
 * may be repeated by stays.
 */
export function settledSessions(sessions: Iterable<Session>, final: ReadonlySet<string>): Session[] {
  const ordered = inOrder(sessions)
  const firstLiving = ordered.findIndex(({ contactId }) => !final.has(contactId))
  return firstLiving === -1 ? ordered : ordered.slice(0, firstLiving)
}

/**
 * What a customer's contacts take from first-contact resolution (semantics 20): a contact counts as solved by itself; when the same customer opens
 * another one within the window after the resolution (up to exactly its end), on the same topic or where either has none, it was not.
 * The fact takes that 1 back where the contact put it, so that numerator and denominator stay in one bucket and slice.
 */
export const repeatedFactId = (contactId: string): string => `repeated/${contactId}`

export function customerFacts(sessions: Iterable<Session>): Fact[] {
  const ordered = inOrder(sessions)
  const facts: Fact[] = []
  for (const session of ordered) {
    const { resolution } = session
    if (resolution === null || !isRepeated(session, ordered)) continue
    facts.push({
      id: repeatedFactId(session.contactId),
      measure: measures.fcrSolved,
      atMs: resolution.atMs,
      value: -1,
      dimensions: dimensionsOf(resolution),
      scope: 'both',
    })
  }
  return facts
}

function inOrder(sessions: Iterable<Session>): Session[] {
  return [...sessions].sort((a, b) => a.openedMs - b.openedMs || (a.contactId < b.contactId ? -1 : 1))
}

function dimensionsOf({ attributes, topic, queue, agent, channel, class: channelClass }: NonNullable<Session['resolution']>): DimensionSet {
  return dimensionSet({ queue, agent, channel, class: channelClass }, { ...attributes, topic })
}

function isRepeated(session: Session, ordered: readonly Session[]): boolean {
  const { resolution } = session
  if (resolution === null) return false
  return ordered.some(
    (other) =>
      other.contactId !== session.contactId &&
      other.openedMs > resolution.atMs &&
      other.openedMs <= resolution.atMs + resolution.windowMs &&
      (other.topic === undefined || session.topic === undefined || other.topic === session.topic),
  )
}
