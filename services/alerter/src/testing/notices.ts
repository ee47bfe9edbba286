import type { EndpointConfig, EndpointKind, Notice } from '@deskpulse/contract'
import type { AppealChange, AppealDecision } from '@deskpulse/core/subjects'
import type { EpochMs } from '@deskpulse/core/time'
import { noticesOf } from '../book/announcement-notices.ts'

const startMs = Date.parse('2026-03-02T01:00:57.017Z')

/** A customer who waits over 30 s, told for the first time. */
export function noticeOf(changes: Partial<Notice> = {}): Notice {
  return {
    tenant: 'acme',
    rule: 'customer-waiting',
    subject: 'contact/c-17',
    alertId: '5f0c1d2e3a4b5c6d7e8f9a0b1c2d3e4f',
    kind: 'deadline',
    severity: 'warning',
    status: 'firing',
    slice: 'queue=billing',
    contactId: 'c-17',
    channel: 'chat',
    kpi: null,
    value: 30_000,
    limit: 30_000,
    unit: 'ms',
    labels: { team: 'floor', 'cost-centre': '42' },
    sinceMs: (startMs - 30_000) as EpochMs,
    startedMs: startMs as EpochMs,
    endedMs: null,
    end: null,
    detectedMs: (startMs + 3) as EpochMs,
    late: false,
    repeat: 0,
    text: {
      en: 'A customer of billing has waited for 30 s (limit 30 s)',
      zh: 'billing 队列的顾客已等待 30 秒（上限 30 秒）',
    },
    url: 'https://desk.example/alerts?tenant=acme',
    acknowledgedBy: null,
    timeZone: 'UTC',
    test: false,
    ...changes,
  }
}

/** It is over, or (`retracted`) never was. */
export function endedOf(
  end: 'over' | 'retracted' | 'withdrawn',
  changes: Partial<Notice> = {},
): Notice {
  const endedMs = (end === 'retracted' ? startMs : startMs + 45_000) as EpochMs
  return noticeOf({
    status: 'resolved',
    end,
    endedMs,
    value: end === 'over' ? 75_000 : null,
    ...changes,
  })
}

const severities = ['info', 'warning', 'critical'] as const

/** So many alerts of two tenants, of every severity; every fifth is over. */
export function groupOf(count: number): readonly Notice[] {
  return Array.from({ length: count }, (_, at) => {
    const tenant = at % 7 === 3 ? 'globex' : 'acme'
    const changes = {
      tenant,
      subject: `contact/c-${at}`,
      contactId: `c-${at}`,
      alertId: at.toString(16).padStart(32, '0'),
      severity: severities[(at * 5) % 3]!,
      startedMs: (startMs + ((at * 7) % 25) * 1_000) as EpochMs,
      sinceMs: (startMs - 30_000 + ((at * 7) % 25) * 1_000) as EpochMs,
      url: `https://desk.example/alerts?tenant=${tenant}`,
    }
    return at % 5 === 4
      ? endedOf('over', { ...changes, endedMs: (startMs + 60_000) as EpochMs })
      : noticeOf(changes)
  })
}

/** So many customers of one queue who were found waiting too late, and still wait. */
export function lateGroupOf(count: number): readonly Notice[] {
  return Array.from({ length: count }, (_, at) => {
    const waitedMs = 600_000 + at * 1_000
    const contact = {
      subject: `contact/c-${at}`,
      contactId: `c-${at}`,
      alertId: at.toString(16).padStart(32, '0'),
    }
    const times = {
      sinceMs: (startMs - waitedMs) as EpochMs,
      startedMs: (startMs - waitedMs + 30_000) as EpochMs,
    }
    return noticeOf({
      ...contact,
      ...times,
      late: true,
      url: `https://desk.example/alerts?tenant=acme&alert=${contact.alertId}`,
    })
  })
}

/** An appeal of an agent that was filed, or decided. */
export function appealNoticeOf(
  decided: AppealChange['decided'] = null,
  changes: Partial<AppealChange> = {},
): Notice {
  const appeal: AppealChange = {
    ...{ tenant: 'acme', appealId: 'p-1', agentId: 'lin', start: '2026-02-01', end: '2026-02-28' },
    ...{ contacts: 2, scores: 1, kpis: ['csat'], reason: 'the shop was closed: no reply possible' },
    ...{ filedMs: startMs as EpochMs, filedBy: 'lin', decided },
    ...changes,
  }
  const announced = { atMs: startMs as EpochMs, offset: 0, index: 0 }
  const subscriber = { name: 'floor', tenants: null, closedPeriods: [], appeals: true }
  return noticesOf(
    subscriber,
    { kind: 'appeal', announced, appeal },
    (tenant, agent) => `https://desk.example/scorecards?tenant=${tenant}&agent=${agent}`,
  )[0]!
}

/** Somebody has decided about it. */
export const decidedNoticeOf = (decision: AppealDecision, note: string | null): Notice =>
  appealNoticeOf({ atMs: (startMs + 60_000) as EpochMs, by: 'wang', decision, note })

export function endpointOf(
  kind: EndpointKind,
  changes: Partial<EndpointConfig> = {},
): EndpointConfig {
  const url = 'https://hooks.example/send?key=k1'
  return {
    name: 'floor',
    kind,
    url,
    secrets: [],
    language: 'en',
    tenants: null,
    severityMin: 'info',
    alerts: true,
    closedPeriods: [],
    appeals: false,
    ...changes,
  }
}
