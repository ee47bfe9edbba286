import { measures, type ContactAttributes, type Fact } from '../../measures/measure.ts'
import type { EpochMs } from '../../time/time.ts'

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

/**
 * What a customer's contacts take from first-contact resolution (semantics 20): a contact counts as solved by itself; when the same customer opens
 * another one within the window after the resolution (up to exactly its end), on the same topic or where either has none, it was not.
 * The fact takes that 1 back where the contact put it, so that numerator and denominator stay in one bucket and slice.
 */
export function customerFacts(sessions: Iterable<Session>): Fact[] {
  const ordered = [...sessions].sort((a, b) => a.openedMs - b.openedMs || (a.contactId < b.contactId ? -1 : 1))
  const facts: Fact[] = []
  for (const session of ordered) {
    const { resolution } = session
    if (resolution === null || !isRepeated(session, ordered)) continue
    facts.push({
      id: `repeated/${session.contactId}`,
      measure: measures.fcrSolved,
      atMs: resolution.atMs,
      value: -1,
      dimensions: {
        ...resolution.attributes,
        topic: resolution.topic,
        queue: resolution.queue,
        agent: resolution.agent,
        channel: resolution.channel,
        class: resolution.class,
      },
      scope: 'both',
    })
  }
  return facts
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
