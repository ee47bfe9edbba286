import { type AlertResponse, formatTime } from '@deskpulse/contract'
import { renderText, type Silence, silencesOf } from '@deskpulse/core/alerts'
import { catalogueOf } from '@deskpulse/core/kpis'
import type { AlertState } from '../../book/alert-state.ts'
import { plainText } from '../../book/ask.ts'
import type { Tenant } from '../tenant.ts'
import type { ToldEndpoint } from './told.ts'

const timeOrNull = (ms: number | null): string | null => (ms === null ? null : formatTime(ms))

export type AlertSurroundings = {
  readonly tenant: Tenant
  readonly silences: readonly Silence[]
  /** Of this alert. */
  readonly told: readonly ToldEndpoint[]
  readonly nowMs: number
}

/** An alert as the API shows it. What does not apply is `null`. */
export function alertView(
  { alertId, transition, ...alert }: AlertState,
  surroundings: AlertSurroundings,
): AlertResponse {
  const { tenant, silences, told, nowMs } = surroundings
  const {
    rule,
    kind,
    severity,
    slice,
    subject,
    sinceMs,
    startedMs,
    endedMs,
    end,
    late,
    status,
    kpi,
    value,
    limit,
    unit,
    labels,
  } = transition
  const asked = alert.acknowledged
  return {
    ...{ alertId, tenant: tenant.name, rule, kind, status, severity, slice, subject },
    contactId: transition.contactId ?? null,
    agentId: transition.agentId ?? null,
    state: transition.state ?? null,
    channel: transition.channel ?? null,
    since: formatTime(sinceMs),
    startedAt: formatTime(startedMs),
    endedAt: timeOrNull(endedMs),
    late,
    retracted: end === 'retracted',
    withdrawn: end === 'withdrawn',
    ...{ kpi, value, limit, unit, labels },
    text: textOf(transition, tenant),
    acknowledgement:
      asked === null
        ? null
        : { author: asked.author, comment: asked.comment, at: formatTime(asked.atMs) },
    silencedBy: silencesOf(
      { ...transition, tenant: tenant.name },
      silences,
      nowMs as Silence['startsMs'],
    ).map(({ id }) => id),
    told:
      alert.why === null
        ? null
        : {
            why: alert.why,
            at: timeOrNull(alert.told?.atMs ?? null),
            nextAt: timeOrNull(alert.nextMs),
            endpoints: [...told],
          },
  }
}

/** By the rule of now; of a rule that is gone, the plain one. Without an address: the reader is there already. */
export function textOf(
  transition: AlertState['transition'],
  { rules, config }: Tenant,
): AlertResponse['text'] {
  const { number: _, ...facts } = transition
  const template = rules.find(({ name }) => name === transition.rule)?.text ?? plainText
  const render = (language: 'en' | 'zh'): string =>
    renderText(template, facts, language, config.timeZone, null, catalogueOf(config))
  return { en: render('en'), zh: render('zh') }
}
