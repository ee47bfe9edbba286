import { type AnnouncedAt, type Announcement, encodeAlertRecord } from '@deskpulse/contract'
import { changedMs } from '@deskpulse/core/subjects'
import { dayMs, type EpochMs } from '@deskpulse/core/time'
import type { OutboxEntry } from '@deskpulse/stream'
import { type CardOf, noticesOf, type Subscriber, wantedOf } from './announcement-notices.ts'
import type { TenantBook } from './tenant-book.ts'

export type AnnouncementTelling = {
  readonly subscribers: readonly Subscriber[]
  /** Of alerts. */
  readonly topic: string
  readonly cardOf: CardOf
}

/** What was announced of a tenant, as the alert book keeps it. */
export type AnnouncementBook = {
  /** Up to there everything was taken in: the fold announces at places that only go forward, so that what comes again is known by its own. */
  readonly takenTo: AnnouncedAt
  /** Somebody wants it and was not told: the topic is not read to its end. In order. */
  readonly waiting: readonly Announcement[]
}

/** Before all that is announced at an instant. */
const beginOf = (atMs: EpochMs): AnnouncedAt => ({ atMs, offset: 0, index: 0 })

export const nothingAnnounced: AnnouncementBook = { takenTo: beginOf(0 as EpochMs), waiting: [] }

export const announcementLimits = {
  /** What is older is history, as when the log is folded again from nothing or past appeals are imported: it is read over HTTP. */
  toldForMs: 7 * dayMs,
  /** Announcements that are told of in one commit. */
  atOnceMax: 100,
} as const

/** @returns `book` itself when it was taken in before. */
export function withAnnouncement(
  book: TenantBook,
  announcement: Announcement,
  subscribers: readonly Subscriber[],
): TenantBook {
  const { takenTo, waiting } = book.announced
  const at = placeOf(announcement)
  if (!isAfter(at, takenTo)) return book
  const wanted = wantedOf(subscribers, announcement)
  const told = wanted === null ? waiting : [...waiting, wanted]
  // While a long topic is read, what is too old by now to be told waits for nothing.
  return {
    ...book,
    announced: { takenTo: at, waiting: told.filter((one) => isNews(one, at.atMs)) },
  }
}

/** As the topic says it was told: a state that was lost, or put back, may not know it. */
export function withAnnouncedTold(book: TenantBook, upTo: AnnouncedAt): TenantBook {
  const { takenTo, waiting } = book.announced
  const untold = waiting.filter((one) => isAfter(placeOf(one), upTo))
  const isNew = isAfter(upTo, takenTo)
  if (!isNew && untold.length === waiting.length) return book
  return { ...book, announced: { takenTo: isNew ? upTo : takenTo, waiting: untold } }
}

/** Tells the first of what waits. That it was told follows the notices: one that is lost must not count as told. */
export function tellAnnounced(
  tenant: string,
  book: TenantBook,
  { subscribers, topic, cardOf }: AnnouncementTelling,
  nowMs: EpochMs,
): { readonly book: TenantBook; readonly out: readonly OutboxEntry[] } {
  const { waiting } = book.announced
  const first = waiting.slice(0, announcementLimits.atOnceMax)
  const last = first.at(-1)
  if (last === undefined) return { book, out: [] }
  const out = first
    .filter((one) => isNews(one, nowMs))
    .flatMap((announcement) =>
      subscribers.flatMap((subscriber) =>
        noticesOf(subscriber, announcement, cardOf).map((notice): OutboxEntry => ({
          id: `${notice.alertId}/${subscriber.name}`,
          topic,
          key: subscriber.name,
          bytes: encodeAlertRecord({ kind: 'notice', endpoint: subscriber.name, notice }),
        })),
      ),
    )
  const upTo = placeOf(last)
  const told: OutboxEntry = {
    id: `${tenant}/${upTo.atMs}-${upTo.offset}-${upTo.index}/announced-told`,
    topic,
    key: tenant,
    bytes: encodeAlertRecord({ kind: 'announced-told', tenant, upTo }),
  }
  return {
    book: { ...book, announced: { ...book.announced, waiting: waiting.slice(first.length) } },
    out: out.length === 0 ? [] : [...out, told],
  }
}

/** Closed periods are issued before the first record of an instant, once. */
const placeOf = (one: Announcement): AnnouncedAt =>
  one.kind === 'appeal' ? one.announced : beginOf(one.issued.closedAtMs)

const isAfter = (one: AnnouncedAt, other: AnnouncedAt): boolean =>
  (one.atMs - other.atMs || one.offset - other.offset || one.index - other.index) > 0

/** An appeal is as old as its source says, if that is older: it may have been imported. */
function isNews(one: Announcement, nowMs: EpochMs): boolean {
  const { atMs } = placeOf(one)
  const sinceMs = one.kind === 'appeal' ? Math.min(atMs, changedMs(one.appeal)) : atMs
  return nowMs - sinceMs <= announcementLimits.toldForMs
}
