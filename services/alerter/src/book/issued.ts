import { createHash } from 'node:crypto'
import { encodeAlertRecord, type EndpointConfig, type Notice } from '@deskpulse/contract'
import { issuedText } from '@deskpulse/core/alerts'
import type { IssuedPeriods } from '@deskpulse/core/closed'
import { dayMs, type EpochMs } from '@deskpulse/core/time'
import type { OutboxEntry } from '@deskpulse/stream'
import type { TenantBook } from './tenant-book.ts'

/** Who is told of closed periods, and of which. */
export type PeriodEndpoint = Pick<EndpointConfig, 'name' | 'tenants' | 'closedPeriods'>

export type IssuedTelling = {
  readonly periodEndpoints: readonly PeriodEndpoint[]
  /** Of alerts. */
  readonly topic: string
}

/** What was issued of a tenant's closed periods, as the alert book keeps it. */
export type IssuedBook = {
  /** Up to there everything was taken in: the fold issues at instants that only go forward, so that what comes again is known by its own. */
  readonly takenToMs: EpochMs
  /** Somebody wants it and was not told: the topic is not read to its end. In order. */
  readonly waiting: readonly IssuedPeriods[]
}

export const nothingIssued: IssuedBook = { takenToMs: 0 as EpochMs, waiting: [] }

export const issuedLimits = {
  /** Periods of one instant that are told one by one; more of them, as history is filled in, are told as one. */
  eachMax: 10,
  /** What was issued longer ago is history, as when the log is folded again from nothing: whoever copies periods finds it by `since`. */
  toldForMs: 7 * dayMs,
  /** Instants that are told of in one commit. */
  atOnceMax: 100,
} as const

/** @returns `book` itself when it was taken in before. */
export function withIssued(
  book: TenantBook,
  issued: IssuedPeriods,
  endpoints: readonly PeriodEndpoint[],
): TenantBook {
  const { takenToMs, waiting } = book.issued
  if (issued.closedAtMs <= takenToMs) return book
  const wanted = endpoints.flatMap((endpoint) => wantedBy(endpoint, issued))
  const periods = issued.periods.filter((period) => wanted.includes(period))
  const told = periods.length === 0 ? waiting : [...waiting, { ...issued, periods }]
  return {
    ...book,
    issued: {
      takenToMs: issued.closedAtMs,
      // While a long topic is read, what is too old by now to be told waits for nothing.
      waiting: told.filter(
        ({ closedAtMs }) => issued.closedAtMs - closedAtMs <= issuedLimits.toldForMs,
      ),
    },
  }
}

/** As the topic says it was told: a state that was lost, or put back, may not know it. */
export function withIssuedTold(book: TenantBook, closedAtMs: EpochMs): TenantBook {
  const { takenToMs, waiting } = book.issued
  const untold = waiting.filter((issued) => issued.closedAtMs > closedAtMs)
  if (closedAtMs <= takenToMs && untold.length === waiting.length) return book
  return {
    ...book,
    issued: { takenToMs: Math.max(takenToMs, closedAtMs) as EpochMs, waiting: untold },
  }
}

/** Tells the first of what waits. That it was told follows the notices: one that is lost must not count as told. */
export function tellIssued(
  tenant: string,
  book: TenantBook,
  { periodEndpoints, topic }: IssuedTelling,
  nowMs: EpochMs,
): { readonly book: TenantBook; readonly out: readonly OutboxEntry[] } {
  const { waiting } = book.issued
  const first = waiting.slice(0, issuedLimits.atOnceMax)
  const last = first.at(-1)
  if (last === undefined) return { book, out: [] }
  const out = first
    .filter(({ closedAtMs }) => nowMs - closedAtMs <= issuedLimits.toldForMs)
    .flatMap((issued) =>
      periodEndpoints.flatMap((endpoint) =>
        noticesOf(endpoint, issued).map((notice): OutboxEntry => ({
          id: `${notice.alertId}/${endpoint.name}`,
          topic,
          key: endpoint.name,
          bytes: encodeAlertRecord({ kind: 'notice', endpoint: endpoint.name, notice }),
        })),
      ),
    )
  const { closedAtMs } = last
  const told: OutboxEntry = {
    id: `${tenant}/${closedAtMs}/issued-told`,
    topic,
    key: tenant,
    bytes: encodeAlertRecord({ kind: 'issued-told', tenant, closedAtMs }),
  }
  return {
    book: { ...book, issued: { ...book.issued, waiting: waiting.slice(first.length) } },
    out: out.length === 0 ? [] : [...out, told],
  }
}

function wantedBy(
  { tenants, closedPeriods }: PeriodEndpoint,
  { tenant, periods }: IssuedPeriods,
): IssuedPeriods['periods'] {
  if (tenants !== null && !tenants.includes(tenant)) return []
  return periods.filter(({ kind }) => closedPeriods.includes(kind))
}

function noticesOf(endpoint: PeriodEndpoint, issued: IssuedPeriods): readonly Notice[] {
  const wanted = wantedBy(endpoint, issued)
  if (wanted.length > issuedLimits.eachMax) return [noticeOf({ ...issued, periods: wanted })]
  return wanted.map((period) => noticeOf({ ...issued, periods: [period] }))
}

/** Its id is made of what was issued alone, and so is that of its message: whoever decides it again tells the same. */
function noticeOf(issued: IssuedPeriods): Notice {
  const { tenant, closedAtMs, periods } = issued
  const [first] = periods as readonly [IssuedPeriods['periods'][0]]
  const which = periods.length === 1 ? [first.kind, first.startMs] : []
  return {
    ...{ tenant, rule: 'period.closed', subject: 'periods', kind: 'deadline', severity: 'info' },
    ...{ slice: 'all', kpi: null, value: null, limit: 0, unit: 'ms', labels: {}, periods },
    ...{ alertId: idOf(['issued', tenant, closedAtMs, ...which]), repeat: 0, status: 'resolved' },
    ...{ sinceMs: first.startMs, startedMs: closedAtMs, endedMs: closedAtMs, end: 'over' },
    ...{ detectedMs: closedAtMs, late: false, url: null, acknowledgedBy: null },
    ...{ timeZone: 'UTC', test: false },
    text: { en: issuedText(issued, 'en'), zh: issuedText(issued, 'zh') },
  }
}

const idOf = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
