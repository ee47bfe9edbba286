import { dimensionSet, equalDimensions, type DimensionSet } from '../../measures/dimension-set.ts'
import type { ContactAttributes, DimensionValues } from '../../measures/measure.ts'
import type { RepeatRow, SessionRow } from '../../subjects/row.ts'
import type { EpochMs } from '../../time/time.ts'

/** When a contact was opened, and where that counts. */
export type Opening = { readonly atMs: EpochMs; readonly credit: DimensionValues }

/** When somebody first answered a contact, and where that counts. */
export type Served = { readonly atMs: EpochMs; readonly credit: DimensionValues }

/**
 * One agent wrote to the customer, never longer than a day apart. `lastMs`: `null`: it goes on, as of the log time at which it is told: the last message was less than a day before that.
 */
export type Spell = {
  readonly agent: string | null
  readonly firstMs: EpochMs
  readonly lastMs: EpochMs | null
}

/** A reply came due, where and for whom: met, or missed at its limit. */
export type DueReply = {
  readonly atMs: EpochMs
  readonly queue: string | null
  readonly agent: string | null
  readonly isMissed: boolean
}

/** Replies of a contact that came due: of those in one quarter-hour and place that were met, and of those that were missed, the first. All else that they are credited to is of the contact. */
export type DueReplies = {
  readonly replies: readonly DueReply[]
  readonly channel: string
  readonly class: string
  readonly attributes: ContactAttributes
}

/** What a customer needs to know of one of its contacts. A later one of the same contact replaces it. */
export type Session = {
  readonly contactId: string
  /** `null`: it repeats nothing and is repeated by nothing, as it is outbound or opened by system. */
  readonly opened: Opening | null
  /** `null`: not yet. */
  readonly served: Served | null
  /** When humans wrote to its customer, ascending; absent: never. */
  readonly spells?: readonly Spell[]
  /** `null`: none yet. */
  readonly due: DueReplies | null
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
    /** Its agent, where an appeal leaves it out of the agent's score cards. */
    readonly appeal?: string
  } | null
}

export type Resolution = NonNullable<Session['resolution']>

export function equalSessions(a: Session, b: Session): boolean {
  if (a.contactId !== b.contactId || a.topic !== b.topic) return false
  if (!equalMoments(a.opened, b.opened) || !equalMoments(a.served, b.served)) return false
  if (!equalDue(a.due, b.due) || !equalSpells(a.spells, b.spells)) return false
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

export function equalSpells(a: readonly Spell[] = [], b: readonly Spell[] = []): boolean {
  return (
    a.length === b.length &&
    a.every(({ agent, firstMs, lastMs }, place) => {
      const other = b[place]!
      return agent === other.agent && firstMs === other.firstMs && lastMs === other.lastMs
    })
  )
}

export const equalServed = (a: Served | null, b: Served | null): boolean => equalMoments(a, b)

function equalMoments(a: Opening | Served | null, b: Opening | Served | null): boolean {
  if (a === null || b === null) return a === b
  return a.atMs === b.atMs && equalDimensions(a.credit, b.credit)
}

function equalDue(a: DueReplies | null, b: DueReplies | null): boolean {
  if (a === null || b === null) return a === b
  return (
    hasSameCredit(a, b) &&
    (a.replies === b.replies ||
      (a.replies.length === b.replies.length && isContinued(a.replies, b.replies)))
  )
}

/** Whether replies that came due were told and none of them is another by now: all that may differ comes after them. */
export function isDueContinued(before: DueReplies | null, now: DueReplies | null): boolean {
  if (before === null) return true
  return now !== null && hasSameCredit(before, now) && isContinued(before.replies, now.replies)
}

function hasSameCredit(a: DueReplies, b: DueReplies): boolean {
  if (a.channel !== b.channel || a.class !== b.class) return false
  return (
    a.attributes === b.attributes ||
    equalDimensions(dimensionSet({}, a.attributes), dimensionSet({}, b.attributes))
  )
}

/** Compared from the end: what differs is mostly the last one. */
function isContinued(before: readonly DueReply[], now: readonly DueReply[]): boolean {
  if (before.length > now.length) return false
  for (let place = before.length - 1; place >= 0; place -= 1)
    if (!equalReplies(before[place]!, now[place]!)) return false
  return true
}

const equalReplies = (a: DueReply, b: DueReply): boolean =>
  a.atMs === b.atMs && a.queue === b.queue && a.agent === b.agent && a.isMissed === b.isMissed

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
  ...others
}: Resolution): DimensionSet {
  const credit = { queue, agent, channel, class: channelClass, appeal: others.appeal }
  return dimensionSet(credit, { ...attributes, topic })
}
