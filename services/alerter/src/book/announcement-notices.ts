import { createHash } from 'node:crypto'
import type { Announcement, EndpointConfig, Notice } from '@deskpulse/contract'
import { appealText, issuedText } from '@deskpulse/core/alerts'
import type { IssuedPeriods } from '@deskpulse/core/closed'
import { encodeId } from '@deskpulse/core/state'
import { changedMs } from '@deskpulse/core/subjects'
import type { EpochMs } from '@deskpulse/core/time'

/** An endpoint that asks for closed periods, or for appeals. */
export type Subscriber = Pick<EndpointConfig, 'name' | 'tenants' | 'closedPeriods' | 'appeals'>

/** Where an agent's score card is shown; `null`: nobody knows. */
export type CardOf = (tenant: string, agentId: string) => string | null

/** Periods of one instant that are told one by one; more of them, as history is filled in, are told as one. */
export const eachMax = 10

/** What somebody wants of it; `null`: nothing. */
export function wantedOf(
  subscribers: readonly Subscriber[],
  announcement: Announcement,
): Announcement | null {
  const all = subscribers.flatMap((one) => wantedBy(one, announcement) ?? [])
  if (announcement.kind === 'appeal') return all.length === 0 ? null : announcement
  const { issued } = announcement
  const wanted = all.flatMap((one) => (one.kind === 'issued' ? one.issued.periods : []))
  const periods = issued.periods.filter((period) => wanted.includes(period))
  return periods.length === 0 ? null : { kind: 'issued', issued: { ...issued, periods } }
}

/** The notices of an announcement that one of them is told. */
export function noticesOf(
  subscriber: Subscriber,
  announcement: Announcement,
  cardOf: CardOf,
): readonly Notice[] {
  const wanted = wantedBy(subscriber, announcement)
  if (wanted === null) return []
  if (wanted.kind === 'appeal') return [appealNotice(wanted, cardOf)]
  const { issued } = wanted
  if (issued.periods.length > eachMax) return [issuedNotice(issued)]
  return issued.periods.map((period) => issuedNotice({ ...issued, periods: [period] }))
}

function wantedBy(
  { tenants, closedPeriods, appeals }: Subscriber,
  announcement: Announcement,
): Announcement | null {
  const { tenant } = announcement.kind === 'appeal' ? announcement.appeal : announcement.issued
  if (tenants !== null && !tenants.includes(tenant)) return null
  if (announcement.kind === 'appeal') return appeals ? announcement : null
  const { issued } = announcement
  const periods = issued.periods.filter(({ kind }) => closedPeriods.includes(kind))
  return periods.length === 0 ? null : { kind: 'issued', issued: { ...issued, periods } }
}

/** Ids are made of what was announced alone, and so are those of messages: whoever decides it again tells the same. */
function issuedNotice(issued: IssuedPeriods): Notice {
  const { tenant, closedAtMs, periods } = issued
  const [first] = periods as readonly [IssuedPeriods['periods'][0]]
  const which = periods.length === 1 ? [first.kind, first.startMs] : []
  return {
    ...noticeOf(closedAtMs, first.startMs),
    ...{ tenant, rule: 'period.closed', subject: 'periods', periods },
    alertId: idOf(['issued', tenant, closedAtMs, ...which]),
    text: { en: issuedText(issued, 'en'), zh: issuedText(issued, 'zh') },
  }
}

function appealNotice(
  { appeal }: Extract<Announcement, { kind: 'appeal' }>,
  cardOf: CardOf,
): Notice {
  const { tenant, appealId, agentId, filedMs, decided } = appeal
  const what = decided === null ? ['filed'] : [decided.decision, decided.atMs]
  return {
    ...noticeOf(changedMs(appeal), filedMs),
    ...{ tenant, agentId, subject: `agent/${encodeId(agentId)}`, appeal },
    url: cardOf(tenant, agentId),
    rule: decided === null ? 'appeal.filed' : 'appeal.decided',
    alertId: idOf(['appeal', tenant, appealId, ...what]),
    text: { en: appealText(appeal, 'en'), zh: appealText(appeal, 'zh') },
  }
}

/** What all of them have: nothing goes on. */
const noticeOf = (
  atMs: EpochMs,
  sinceMs: EpochMs,
): Omit<Notice, 'tenant' | 'rule' | 'subject' | 'alertId' | 'text'> => ({
  ...{ kind: 'deadline', severity: 'info', slice: 'all' },
  ...{ kpi: null, value: null, limit: 0, unit: 'ms', labels: {}, repeat: 0, status: 'resolved' },
  ...{ sinceMs, startedMs: atMs, endedMs: atMs, end: 'over', detectedMs: atMs, late: false },
  ...{ url: null, acknowledgedBy: null, timeZone: 'UTC', test: false },
})

const idOf = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
