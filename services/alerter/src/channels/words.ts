import type { EndpointConfig, Notice } from '@deskpulse/contract'
import { alertSeverities } from '@deskpulse/core/alerts'

export type Language = EndpointConfig['language']
type Tongue = 'en' | 'zh'
type Words = { readonly [tongue in Tongue]: string }

const tongues: Readonly<Record<Language, readonly Tongue[]>> = {
  en: ['en'],
  zh: ['zh'],
  both: ['en', 'zh'],
}

/** What `say` gives in the endpoint's language; in both, English first. */
export function inLanguage(language: Language, say: (tongue: Tongue) => string): string {
  return tongues[language].map(say).join(' / ')
}

/** A name in the endpoint's language; one that both languages share is said once. */
export function nameInLanguage(language: Language, say: (tongue: Tongue) => string): string {
  return [...new Set(tongues[language].map(say))].join(' / ')
}

const severityWords = {
  critical: { en: 'Critical', zh: '严重' },
  warning: { en: 'Warning', zh: '警告' },
  info: { en: 'Info', zh: '提示' },
} satisfies Readonly<Record<Notice['severity'], Words>>

const statusWords = {
  firing: { en: 'Firing', zh: '触发中' },
  resolved: { en: 'Resolved', zh: '已恢复' },
  retracted: { en: 'Retracted', zh: '已撤销' },
  withdrawn: { en: 'Withdrawn', zh: '已取消' },
} satisfies Readonly<Record<Standing, Words>>

/** Where an alert stands, as people are told: an end that never was, or that a changed rule made, has words of its own. */
export type Standing = 'firing' | 'resolved' | 'retracted' | 'withdrawn'
export const standings: readonly Standing[] = ['firing', 'resolved', 'retracted', 'withdrawn']

export function standingOf({ status, end }: Notice): Standing {
  if (status === 'firing') return 'firing'
  return end === 'retracted' || end === 'withdrawn' ? end : 'resolved'
}

/** Status and severity, in one tongue: `Firing · Warning`. */
export function markOf(notice: Notice, tongue: Tongue): string {
  const { repeat, severity, test } = notice
  const standing = statusWords[standingOf(notice)][tongue]
  const repeated = { en: `Repeat ${repeat}`, zh: `第 ${repeat} 次重复` }[tongue]
  const parts = [
    ...(test ? [labelWords.test[tongue]] : []),
    standing,
    severityWords[severity][tongue],
    ...(repeat > 0 ? [repeated] : []),
  ]
  return parts.join(' · ')
}

export const labelWords = {
  test: { en: 'Test', zh: '测试' },
  tenant: { en: 'Tenant', zh: '租户' },
  rule: { en: 'Rule', zh: '规则' },
  subject: { en: 'Subject', zh: '对象' },
  slice: { en: 'Scope', zh: '范围' },
  since: { en: 'Since', zh: '开始' },
  ended: { en: 'Ended', zh: '结束' },
  reason: { en: 'Reason', zh: '理由' },
  note: { en: 'Note', zh: '备注' },
  acknowledged: { en: 'Acknowledged by', zh: '确认人' },
  /** Robots may be told to take messages with a certain word alone: the product's name is one. */
  open: { en: 'Open in Deskpulse', zh: '在 Deskpulse 中打开' },
} satisfies Readonly<Record<string, Words>>

/** `3 alerts: 2 firing (gravest: critical), 1 resolved; 2 appeals`. */
export function countsOf(notices: readonly Notice[], tongue: Tongue): string {
  const alerts = notices.filter(({ appeal }) => appeal === undefined)
  const count = notices.length - alerts.length
  const appeals = { en: count === 1 ? '1 appeal' : `${count} appeals`, zh: `${count} 条申诉` }
  return [
    ...(alerts.length > 0 ? [alertCountsOf(alerts, tongue)] : []),
    ...(count > 0 ? [appeals[tongue]] : []),
  ].join({ en: '; ', zh: '；' }[tongue])
}

function alertCountsOf(notices: readonly Notice[], tongue: Tongue): string {
  const firing = notices.filter(({ status }) => status === 'firing').map(({ severity }) => severity)
  const gravest = alertSeverities.findLast((severity) => firing.includes(severity))
  const counts = standings.flatMap((standing) => {
    const count = notices.filter((notice) => standingOf(notice) === standing).length
    const words = statusWords[standing][tongue].toLowerCase()
    if (count === 0) return []
    const grave =
      standing === 'firing' && gravest !== undefined
        ? gravestOf(severityWords[gravest][tongue], tongue)
        : ''
    return [{ en: `${count} ${words}${grave}`, zh: `${words} ${count}${grave}` }[tongue]]
  })
  return {
    en: `${notices.length === 1 ? '1 alert' : `${notices.length} alerts`}: ${counts.join(', ')}`,
    zh: `${notices.length} 条告警：${counts.join('，')}`,
  }[tongue]
}

function gravestOf(severity: string, tongue: Tongue): string {
  return { en: ` (gravest: ${severity.toLowerCase()})`, zh: `（最高：${severity}）` }[tongue]
}

export function moreOf(hidden: number, linked: boolean, tongue: Tongue): string {
  const where = linked ? { en: ', see the alert page', zh: '，见告警页' } : { en: '', zh: '' }
  return { en: `and ${hidden} more${where.en}`, zh: `另有 ${hidden} 条${where.zh}` }[tongue]
}

/** To the second, in UTC: a message is read in many places. */
export function timeOf(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
