import {
  alertSeverities,
  type AlertSeverity,
  type SummaryFacts,
  summarySubjectOf,
  summaryText,
} from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'
import type { Notice } from './records.ts'

/** Alerts of one rule (of contacts: and one queue) that were found late and still fire, told as one. */
export type AlertSummary = {
  /** The one that goes on for longest. */
  readonly first: Notice
  readonly alertIds: string[]
  readonly sinceMs: EpochMs
  readonly startedMs: EpochMs
  /** The latest. */
  readonly detectedMs: EpochMs
  readonly severity: AlertSeverity
  readonly slice: string
  readonly text: Notice['text']
  /** The tenant's page. */
  readonly url: string | null
}

/** What a notice is summarised with: those of one key are told as one. `null`: it is told by itself. */
export function summaryKeyOf({
  late,
  status,
  repeat,
  test,
  tenant,
  rule,
  subject,
  slice,
}: Notice): string | null {
  const kind = summarySubjectOf(subject)
  if (kind === null || !late || status !== 'firing' || repeat > 0 || test) return null
  return JSON.stringify(kind === 'contact' ? [tenant, rule, slice] : [tenant, rule])
}

/** @returns `null` when they are not several of one key: one alone says more by itself. */
export function summaryOf(notices: readonly Notice[]): AlertSummary | null {
  const keys = new Set(notices.map(summaryKeyOf))
  if (notices.length < 2 || keys.size > 1 || keys.has(null)) return null
  const ordered = notices.toSorted(
    (a, b) => a.sinceMs - b.sinceMs || (a.alertId < b.alertId ? -1 : 1),
  )
  const first = ordered[0]!
  const subject = subjectOf(first.subject)
  const slice = subject === 'contact' ? first.slice : 'all'
  const facts: SummaryFacts = {
    rule: first.rule,
    subject,
    slice,
    count: notices.length,
    sinceMs: first.sinceMs,
  }
  return {
    first,
    alertIds: ordered.map(({ alertId }) => alertId),
    sinceMs: first.sinceMs,
    startedMs: Math.min(...ordered.map(({ startedMs }) => startedMs)) as EpochMs,
    detectedMs: Math.max(...ordered.map(({ detectedMs }) => detectedMs)) as EpochMs,
    severity: alertSeverities.findLast((severity) =>
      ordered.some((notice) => notice.severity === severity),
    )!,
    slice,
    text: {
      en: summaryText(facts, 'en', first.timeZone),
      zh: summaryText(facts, 'zh', first.timeZone),
    },
    url: first.url === null ? null : pageOf(first.url),
  }
}

/** Anything else has no key, and so never comes here: it must not be told as customers who wait. */
function subjectOf(subject: string): SummaryFacts['subject'] {
  const kind = summarySubjectOf(subject)
  if (kind === null) throw new TypeError(`no summary of ${subject}`)
  return kind
}

/** The page of all alerts, by that of one. */
function pageOf(url: string): string {
  const page = URL.parse(url)
  if (page === null) return url
  page.searchParams.delete('alert')
  return page.href
}
