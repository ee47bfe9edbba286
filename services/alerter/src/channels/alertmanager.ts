import type { EndpointConfig, Notice } from '@deskpulse/contract'
import { parseSlice } from '@deskpulse/core/measures'
import { type EpochMs, minuteMs } from '@deskpulse/core/time'
import type { Channel, Verdict } from './channel.ts'
import { knownRequest } from './request.ts'
import { judgeStatus, refused } from './verdict.ts'
import { inLanguage } from './words.ts'

/** How often a firing alert must be told again. */
export const alertmanagerRenewMs = 4 * minuteMs
/** Three repeats may be lost, as with Prometheus. A trial is told once, and ends by itself. */
const firesForMs = 4 * alertmanagerRenewMs
const trialMs = 5 * minuteMs

/**
 * Prometheus Alertmanager, API v2. It groups, silences and repeats by itself, and forgets nothing but what is not told again: every firing alert says
 * until when it is to be believed (`endsAt` = now + 16 min, which replaces Alertmanager's own `resolve_timeout`), and must be told again every
 * `renewMs`, acknowledged or not, to go on. One that is over says when it ended, in the past; one that was retracted ended when it began.
 * An alert is known by its labels: `alert_id` is among them, so that a late word about an old alert ends no new one. A success has no body.
 * @see https://github.com/prometheus/alertmanager/blob/main/docs/alerts_api.md
 */
export const alertmanager: Channel = {
  noticesMax: 200,
  parallel: 1,
  gapMs: 0,
  renewMs: alertmanagerRenewMs,
  groups: true,
  request(endpoint, message, nowMs) {
    return knownRequest(
      endpoint,
      alertsUrl(endpoint.url),
      JSON.stringify(message.notices.map((notice) => alertOf(notice, endpoint, nowMs))),
      {
        'content-type': 'application/json',
      },
    )
  },
  judge(answer, nowMs): Verdict {
    const byStatus = judgeStatus(answer, nowMs)
    if (byStatus !== null) return byStatus
    return answer.body.trim() === '' ? { kind: 'accepted' } : refused('strange-answer', answer.body)
  },
}

const path = '/api/v2/alerts'

/** The configured URL is Alertmanager's own, with its route prefix if it has one; the whole address is taken too. */
function alertsUrl(url: string): string {
  const target = URL.parse(url)
  if (target === null) return url
  const prefix = target.pathname.replace(/\/+$/u, '')
  target.pathname = prefix.endsWith(path) ? prefix : `${prefix}${path}`
  return target.href
}

function alertOf(notice: Notice, { language }: EndpointConfig, nowMs: EpochMs): object {
  const { startedMs, endedMs, status, test } = notice
  const endsAtMs =
    status === 'firing'
      ? nowMs + (test ? trialMs : firesForMs)
      : Math.max(startedMs, endedMs ?? nowMs)
  return {
    labels: labelsOf(notice),
    annotations: {
      summary: inLanguage(language, (tongue) => notice.text[tongue]),
      since: new Date(notice.sinceMs).toISOString(),
      ...(notice.value !== null && { value: String(notice.value) }),
      limit: String(notice.limit),
      unit: notice.unit,
      ...(notice.acknowledgedBy !== null && { acknowledged_by: notice.acknowledgedBy }),
      ...(notice.end === 'retracted' && { retracted: 'true' }),
    },
    startsAt: new Date(startedMs).toISOString(),
    endsAt: new Date(endsAtMs).toISOString(),
    ...(notice.url !== null && { generatorURL: notice.url }),
  }
}

/**
 * The rule's own labels under their names (made such as every Alertmanager takes), as routes ask for them; each dimension of the slice (`queue`); those of
 * the alert stand above them.
 */
function labelsOf(notice: Notice): Readonly<Record<string, string>> {
  const own = Object.entries(notice.labels).map(
    ([name, value]) => [labelName(name), value] as const,
  )
  const given = Object.entries({
    alertname: notice.rule,
    tenant: notice.tenant,
    severity: notice.severity,
    rule: notice.rule,
    kind: notice.kind,
    slice: notice.slice,
    subject: notice.subject,
    alert_id: notice.alertId,
    kpi: notice.kpi ?? '',
    contact: notice.contactId ?? '',
    agent: notice.agentId ?? '',
    channel: notice.channel ?? '',
    test: notice.test ? 'true' : '',
  })
  return Object.fromEntries(
    [...own, ...dimensionsOf(notice), ...given].filter(([, value]) => value !== ''),
  )
}

/** To group and to route by: `queue=billing,channel=chat` as two labels. */
function dimensionsOf({ slice }: Notice): readonly (readonly [string, string])[] {
  const parsed = parseSlice(slice)
  return parsed.ok ? parsed.slice.map(({ dimension, value }) => [dimension, value] as const) : []
}

function labelName(name: string): string {
  return name.replaceAll(/\W/gu, '_').replace(/^(?=\d|$)/u, '_')
}
