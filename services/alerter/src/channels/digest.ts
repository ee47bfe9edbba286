import { type AlertSummary, type Notice, summaryOf } from '@deskpulse/contract'
import {
  alertSeverities,
  type AlertSeverity,
  installationTenant,
  ruleTitle,
  sliceWords,
  subjectText,
} from '@deskpulse/core/alerts'
import { cutTo } from './fit.ts'
import { type Escape, linkTarget, plain } from './inert.ts'
import {
  countsOf,
  inLanguage,
  labelWords,
  type Language,
  markOf,
  moreOf,
  nameInLanguage,
  standingOf,
  timeOf,
} from './words.ts'

/** What people are told by one message, escaped, without a channel's layout. Every string is one line. */
export type Digest = {
  /** Gravest of what fires; `over`: nothing does any more. */
  readonly tone: AlertSeverity | 'over'
  /** Of one alert: status, severity and text. Of several: how many stand how. */
  readonly title: string
  /** Of one alert: its facts. */
  readonly details: readonly string[]
  /** Of several: one each, firing first, then the gravest, then the oldest. */
  readonly entries: readonly string[]
  /** To the pages of the alerts' tenants. */
  readonly links: readonly Link[]
  /** Stands where `hidden` entries had no room. */
  more(hidden: number): string
}
export type Link = { readonly text: string; readonly url: string }

/** Bytes of each part: so that one alert fits into the smallest channel, with all its details and in both languages. */
const bytesMax = { text: 600, entryText: 300, fact: 160, name: 80, said: 500 } as const
const linksMax = 2

export function digestOf(notices: readonly Notice[], language: Language, escape: Escape): Digest {
  const ordered = notices.toSorted(byGravity)
  const links = linksOf(ordered, language, escape)
  const firing = ordered.filter(({ status }) => status === 'firing')
  const single = ordered.length === 1
  const summary = summaryOf(ordered)
  if (summary !== null) return summaryDigest(summary, language, escape)
  return {
    tone: firing[0]?.severity ?? 'over',
    title: single
      ? sentence(ordered[0]!, language, bytesMax.text, escape)
      : inLanguage(language, (tongue) => countsOf(ordered, tongue)),
    details: single ? detailsOf(ordered[0]!, language, escape) : [],
    entries: single ? [] : ordered.map((notice) => entryOf(notice, language, escape)),
    links,
    more: (hidden) => inLanguage(language, (tongue) => moreOf(hidden, links.length > 0, tongue)),
  }
}

/** Several alerts that were found late: how many, where and since when, and nothing of each. */
function summaryDigest(
  { first, severity, text, url }: AlertSummary,
  language: Language,
  escape: Escape,
): Digest {
  const one: Notice = { ...first, severity, text, url }
  const tenant = tenantOf(first, escape)
  const rule = nameInLanguage(language, (tongue) =>
    cutTo(ruleTitle(first.rule, tongue), bytesMax.fact, escape),
  )
  return {
    tone: severity,
    title: sentence(one, language, bytesMax.text, escape),
    details: [...factOf('tenant', tenant, language), ...factOf('rule', rule, language)],
    entries: [],
    links: linksOf([one], language, escape),
    more: () => '',
  }
}

/** `Rule: Customer waiting`; nothing where it does not apply. */
function factOf(
  label: keyof typeof labelWords,
  value: string | null,
  language: Language,
): readonly string[] {
  if (value === null) return []
  return [
    `${inLanguage(language, (tongue) => labelWords[label][tongue])}${language === 'zh' ? '：' : ': '}${value}`,
  ]
}

/** Firing before over, grave before light, old before young; then by id, so that the same notices are always told alike. */
function byGravity(a: Notice, b: Notice): number {
  return (
    Number(b.status === 'firing') - Number(a.status === 'firing') ||
    alertSeverities.indexOf(b.severity) - alertSeverities.indexOf(a.severity) ||
    a.startedMs - b.startedMs ||
    (a.alertId < b.alertId ? -1 : 1)
  )
}

/** `Firing · Warning: a customer waits`, in each of the endpoint's languages; of an appeal its text alone. */
function sentence(
  notice: Notice,
  language: Language,
  textBytesMax: number,
  escape: Escape,
): string {
  return inLanguage(language, (tongue) => {
    const text = cutTo(notice.text[tongue], textBytesMax, escape)
    if (notice.appeal !== undefined) return text
    return tongue === 'zh'
      ? `${markOf(notice, tongue)}：${text}`
      : `${markOf(notice, tongue)}: ${text}`
  })
}

function entryOf(notice: Notice, language: Language, escape: Escape): string {
  const { endedMs, sinceMs, appeal } = notice
  const when = inLanguage(language, (tongue) =>
    labelWords[endedMs === null ? 'since' : 'ended'][tongue].toLowerCase(),
  )
  const tenant = tenantOf(notice, escape)
  const subject = nameInLanguage(language, (tongue) =>
    cutTo(subjectText(notice, tongue), bytesMax.fact, escape),
  )
  const facts = [
    ...(tenant === null ? [] : [tenant]),
    ...(appeal === undefined
      ? [subject, `${when} ${timeOf(endedMs ?? sinceMs)}`]
      : [cutTo(appeal.decided?.note ?? appeal.reason, bytesMax.fact, escape)]),
  ]
  return `${sentence(notice, language, bytesMax.entryText, escape)} — ${facts.join(language === 'zh' ? '，' : ', ')}`
}

function detailsOf(notice: Notice, language: Language, escape: Escape): readonly string[] {
  const fact = (label: keyof typeof labelWords, value: string | null): readonly string[] =>
    factOf(label, value, language)
  if (notice.appeal !== undefined) {
    const { reason, decided } = notice.appeal
    const said = (text: string): string => cutTo(text, bytesMax.said, escape)
    const note = decided?.note ?? null
    return [
      ...fact('tenant', tenantOf(notice, escape)),
      ...fact('reason', said(reason)),
      ...fact('note', note === null ? null : said(note)),
    ]
  }
  const named = (say: (tongue: 'en' | 'zh') => string): string =>
    nameInLanguage(language, (tongue) => cutTo(say(tongue), bytesMax.fact, escape))
  const isSliceSaid =
    notice.slice === 'all' || sliceWords(notice.slice, 'en') === subjectText(notice, 'en')
  return [
    ...fact('tenant', tenantOf(notice, escape)),
    ...fact(
      'rule',
      named((tongue) => ruleTitle(notice.rule, tongue)),
    ),
    ...fact(
      'subject',
      named((tongue) => subjectText(notice, tongue)),
    ),
    ...fact('slice', isSliceSaid ? null : named((tongue) => sliceWords(notice.slice, tongue))),
    ...fact('since', timeOf(notice.sinceMs)),
    ...fact(
      'ended',
      notice.endedMs === null || standingOf(notice) === 'retracted' ? null : timeOf(notice.endedMs),
    ),
    ...fact(
      'acknowledged',
      notice.acknowledgedBy === null ? null : cutTo(notice.acknowledgedBy, bytesMax.name, escape),
    ),
  ]
}

/** `null`: an alert of the installation itself. */
function tenantOf({ tenant }: Notice, escape: Escape): string | null {
  return tenant === installationTenant ? null : cutTo(tenant, bytesMax.name, escape)
}

/** One for each page; a message about more than a few tenants links to the pages of the first. */
function linksOf(notices: readonly Notice[], language: Language, escape: Escape): readonly Link[] {
  const firstOf = new Map<string, Notice>()
  for (const notice of notices) {
    const url = notice.url === null ? null : linkTarget(notice.url)
    if (url !== null && !firstOf.has(url)) firstOf.set(url, notice)
  }
  const open = inLanguage(language, (tongue) => labelWords.open[tongue])
  const pages = [...firstOf].slice(0, linksMax)
  return pages.map(([url, notice]) => {
    const tenant = firstOf.size > 1 ? tenantOf(notice, escape) : null
    return { url, text: tenant === null ? open : `${open} · ${tenant}` }
  })
}

/** Of a field that shows text as it is. */
export const plainDigestOf = (notices: readonly Notice[], language: Language): Digest =>
  digestOf(notices, language, plain)
