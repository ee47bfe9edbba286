import { alertSeverities } from '@deskpulse/core'
import * as z from 'zod'
import { instant, unitSchema } from '../api/responses.ts'
import { formatTime } from '../events/time.ts'
import type { Notice } from './records.ts'

/** What a generic webhook receives: one alert, that began, goes on (`repeat` above 0) or ended. Members may be added, none is taken away. */
export const webhookBodySchema = z
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
      text: z.object({ en: z.string(), zh: z.string() }),
      url: z.string().nullable(),
      /** 0 = first told; n = the nth repeat. */
      repeat: z.int(),
      acknowledgedBy: z.string().nullable(),
      /** A person tries the endpoint. */
      test: z.boolean(),
    }),
  })
  .meta({ id: 'WebhookBody' })
export type WebhookBody = z.infer<typeof webhookBodySchema>

/** The body of `docs/api.md#webhooks`. What does not apply is `null`. */
export function webhookBody(notice: Notice): WebhookBody {
  const { alertId, tenant, rule, kind, severity, slice, subject, kpi, value, limit, unit, labels, text, url } = notice
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
