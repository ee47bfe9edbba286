import { alertSeverities } from '@deskpulse/core/alerts'
import { closedCauses, type IssuedPeriod } from '@deskpulse/core/closed'
import { type AppealChange, appealDecisions, changedMs } from '@deskpulse/core/subjects'
import { closedKinds } from '@deskpulse/core/time'
import * as z from 'zod'
import { instant } from '../api/instant.ts'
import { unitSchema } from '../api/responses/values.ts'
import { formatTime } from '../events/time.ts'
import type { Notice } from './records.ts'
import { type AlertSummary, summaryOf } from './summary.ts'

const text = z.object({ en: z.string(), zh: z.string() })

/** What a generic webhook receives of one alert, that began, goes on (`repeat` above 0) or ended. Members may be added, none is taken away. */
export const webhookAlertSchema = z
  .object({
    type: z.enum(['alert.firing', 'alert.resolved']),
    /** When it was found that the alert began or ended: the same in every attempt, as the whole body is. */
    timestamp: instant,
    data: z.object({
      alertId: z.string(),
      tenant: z.string(),
      rule: z.string(),
      kind: z.enum(['deadline', 'windowed']),
      severity: z.enum(alertSeverities),
      slice: z.string(),
      subject: z.string(),
      contactId: z.string().nullable(),
      agentId: z.string().nullable(),
      /** Of an agent's alert: its state. */
      state: z.string().nullable(),
      channel: z.string().nullable(),
      /** It never was: an answer in time came late. */
      retracted: z.boolean(),
      since: instant,
      startedAt: instant,
      endedAt: instant.nullable(),
      kpi: z.string().nullable(),
      value: z.number().nullable(),
      limit: z.number(),
      unit: unitSchema,
      labels: z.record(z.string(), z.string()),
      text,
      url: z.string().nullable(),
      /** 0 = first told; n = the nth repeat. */
      repeat: z.int(),
      acknowledgedBy: z.string().nullable(),
      /** A person tries the endpoint. */
      test: z.boolean(),
    }),
  })
  .meta({ id: 'WebhookAlert' })

/** What it receives of several alerts of one rule and queue that were found late and still fire: each of them goes its ordinary way from then on. */
export const webhookSummarySchema = z
  .object({
    type: z.literal('alert.summary'),
    /** When the last of them was found. */
    timestamp: instant,
    data: z.object({
      tenant: z.string(),
      rule: z.string(),
      kind: z.literal('deadline'),
      /** The gravest. */
      severity: z.enum(alertSeverities),
      /** The queue of contacts; `all` for agents and sources. */
      slice: z.string(),
      count: z.int(),
      alertIds: z.array(z.string()),
      /** The earliest. */
      since: instant,
      startedAt: instant,
      limit: z.number(),
      unit: unitSchema,
      labels: z.record(z.string(), z.string()),
      text,
      url: z.string().nullable(),
    }),
  })
  .meta({ id: 'WebhookSummary' })

const issuedPeriod = {
  kind: z.enum(closedKinds),
  start: instant,
  end: instant,
  /** Its name in the tenant's zone. */
  label: z.string(),
  /** Why: as in the rows. */
  cause: z.enum(closedCauses),
  /** How many rows, one a slice, were issued at `closedAt`. */
  rows: z.int().min(1),
  /** The highest of theirs. */
  revision: z.int().min(1),
}
const issuedAt = {
  closedAt: instant,
  /** Of the HTTP API: lists these rows, and whatever was issued after them. */
  path: z.string(),
  text,
}

/** What it receives when rows of a closed period were issued. */
export const webhookPeriodSchema = z
  .object({
    type: z.literal('period.closed'),
    /** `closedAt`. */
    timestamp: instant,
    data: z.object({ tenant: z.string(), ...issuedPeriod, ...issuedAt }),
  })
  .meta({ id: 'WebhookPeriod' })

/** What it receives instead when rows of many periods were issued at once, as history is filled in. */
export const webhookPeriodsSchema = z
  .object({
    type: z.literal('period.summary'),
    /** `closedAt`. */
    timestamp: instant,
    data: z.object({
      tenant: z.string(),
      periods: z.array(z.object(issuedPeriod)),
      ...issuedAt,
    }),
  })
  .meta({ id: 'WebhookPeriods' })

/** What it receives when an appeal about an agent's score cards was filed, and when it was decided. */
export const webhookAppealSchema = z
  .object({
    type: z.enum(['appeal.filed', 'appeal.decided']),
    /** When it was filed or decided, as its source says. */
    timestamp: instant,
    data: z.object({
      tenant: z.string(),
      appealId: z.string(),
      agentId: z.string(),
      /** Local dates; both are inside. */
      period: z.object({ start: z.string(), end: z.string() }),
      /** What it is about: how many contacts and scores, and KPIs as a whole. */
      contacts: z.int().min(0),
      scores: z.int().min(0),
      kpis: z.array(z.string()),
      reason: z.string(),
      filedAt: instant,
      filedBy: z.string().nullable(),
      decision: z.enum(appealDecisions).nullable(),
      decidedBy: z.string().nullable(),
      note: z.string().nullable(),
      text,
      /** The agent's score cards. */
      url: z.string().nullable(),
    }),
  })
  .meta({ id: 'WebhookAppeal' })

export const webhookBodySchema = z
  .discriminatedUnion('type', [
    webhookAlertSchema,
    webhookSummarySchema,
    webhookPeriodSchema,
    webhookPeriodsSchema,
    webhookAppealSchema,
  ])
  .meta({ id: 'WebhookBody' })
export type WebhookBody = z.infer<typeof webhookBodySchema>

/** The body of `docs/api.md#webhooks`. @param notices one, or several that are a summary (`summaryOf`) */
export function webhookBody(notices: readonly Notice[]): WebhookBody {
  const [first] = notices as readonly [Notice]
  const { periods = [], appeal } = first
  if (appeal !== undefined) return appealBody(first, appeal)
  if (periods.length > 0) return periodsBody(first, periods)
  const summary = summaryOf(notices)
  return summary === null ? alertBody(first) : summaryBody(summary)
}

function periodsBody(
  { tenant, detectedMs, text: said }: Notice,
  periods: readonly IssuedPeriod[],
): WebhookBody {
  const closedAt = formatTime(detectedMs)
  const path = `/v1/tenants/${encodeURIComponent(tenant)}/kpis/closed?since=${closedAt}`
  const [first, ...others] = periods.map(({ startMs, endMs, ...period }) => ({
    ...{ kind: period.kind, start: formatTime(startMs), end: formatTime(endMs) },
    ...period,
  }))
  const issued = { closedAt, path, text: said }
  return others.length === 0
    ? {
        ...{ type: 'period.closed', timestamp: closedAt },
        data: { tenant, ...first!, ...issued },
      }
    : {
        ...{ type: 'period.summary', timestamp: closedAt },
        data: { tenant, periods: [first!, ...others], ...issued },
      }
}

function appealBody({ text: said, url }: Notice, appeal: AppealChange): WebhookBody {
  const { tenant, appealId, agentId, start, end, contacts, scores, kpis } = appeal
  const { reason, filedMs, filedBy, decided } = appeal
  return {
    type: decided === null ? 'appeal.filed' : 'appeal.decided',
    timestamp: formatTime(changedMs(appeal)),
    data: {
      ...{ tenant, appealId, agentId, period: { start, end }, contacts, scores, kpis: [...kpis] },
      ...{ reason, filedAt: formatTime(filedMs), filedBy },
      decision: decided?.decision ?? null,
      decidedBy: decided?.by ?? null,
      note: decided?.note ?? null,
      text: said,
      url,
    },
  }
}

function summaryBody({
  first,
  alertIds,
  sinceMs,
  startedMs,
  detectedMs,
  severity,
  slice,
  text: said,
  url,
}: AlertSummary): WebhookBody {
  const { tenant, rule, limit, unit, labels } = first
  const data = {
    tenant,
    rule,
    kind: 'deadline',
    severity,
    slice,
    count: alertIds.length,
    alertIds,
  } as const
  const times = { since: formatTime(sinceMs), startedAt: formatTime(startedMs) }
  return {
    type: 'alert.summary',
    timestamp: formatTime(detectedMs),
    data: { ...data, ...times, limit, unit, labels, text: said, url },
  }
}

/** What does not apply is `null`. */
function alertBody(notice: Notice): WebhookBody {
  const {
    alertId,
    tenant,
    rule,
    kind,
    severity,
    slice,
    subject,
    kpi,
    value,
    limit,
    unit,
    labels,
    text,
    url,
  } = notice
  return {
    type: notice.status === 'firing' ? 'alert.firing' : 'alert.resolved',
    timestamp: formatTime(notice.detectedMs),
    data: {
      alertId,
      tenant,
      rule,
      kind,
      severity,
      slice,
      subject,
      contactId: notice.contactId ?? null,
      agentId: notice.agentId ?? null,
      state: notice.state ?? null,
      channel: notice.channel ?? null,
      retracted: notice.end === 'retracted',
      since: formatTime(notice.sinceMs),
      startedAt: formatTime(notice.startedMs),
      endedAt: notice.endedMs === null ? null : formatTime(notice.endedMs),
      kpi,
      value,
      limit,
      unit,
      labels,
      text,
      url,
      repeat: notice.repeat,
      acknowledgedBy: notice.acknowledgedBy,
      test: notice.test,
    },
  }
}
