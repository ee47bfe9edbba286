import { alertSeverities, type AlertTransition } from '@deskpulse/core/alerts'
import { closedCauses, type IssuedPeriod } from '@deskpulse/core/closed'
import { type AppealChange, appealDecisions } from '@deskpulse/core/subjects'
import { closedKinds, type EpochMs } from '@deskpulse/core/time'
import * as z from 'zod'
import { units } from '../api/responses/values.ts'
import type {
  AlertCommand,
  AlertRecord,
  AnnouncedAt,
  Notice,
  Silence,
  SilenceMatcher,
} from './records.ts'

/** Shapes of what stands in the topic of alerts: what a reader relies on. Members that this version does not know are left out. */

const epochMs = z.custom<EpochMs>((value) => Number.isSafeInteger(value), {
  error: 'milliseconds since 1970',
})

const facts = {
  kind: z.enum(['deadline', 'windowed']),
  severity: z.enum(alertSeverities),
  slice: z.string(),
  contactId: z.string().optional(),
  agentId: z.string().optional(),
  state: z.string().optional(),
  channel: z.string().optional(),
  kpi: z.string().nullable(),
  value: z.number().nullable(),
  limit: z.number(),
  unit: z.enum(units),
  labels: z.record(z.string(), z.string()),
}

const told = {
  ...facts,
  tenant: z.string(),
  rule: z.string(),
  subject: z.string(),
  status: z.enum(['firing', 'resolved']),
  sinceMs: epochMs,
  startedMs: epochMs,
  endedMs: epochMs.nullable(),
  end: z.enum(['over', 'retracted', 'withdrawn']).nullable(),
  detectedMs: epochMs,
  late: z.boolean(),
}

const transition = z.object({
  ...told,
  number: z.int().min(1),
}) satisfies z.ZodType<AlertTransition>

const period = z.object({
  kind: z.enum(closedKinds),
  startMs: epochMs,
  endMs: epochMs,
  label: z.string(),
  cause: z.enum(closedCauses),
  rows: z.int().min(1),
  revision: z.int().min(1),
}) satisfies z.ZodType<IssuedPeriod>

const appeal = z.object({
  tenant: z.string(),
  appealId: z.string(),
  agentId: z.string(),
  start: z.string(),
  end: z.string(),
  contacts: z.int().min(0),
  scores: z.int().min(0),
  kpis: z.array(z.string()),
  reason: z.string(),
  filedMs: epochMs,
  filedBy: z.string().nullable(),
  decided: z
    .object({
      atMs: epochMs,
      by: z.string(),
      decision: z.enum(appealDecisions),
      note: z.string().nullable(),
    })
    .nullable(),
}) satisfies z.ZodType<AppealChange>

const announcedAt = z.object({
  atMs: epochMs,
  offset: z.int().min(0),
  index: z.int().min(0),
}) satisfies z.ZodType<AnnouncedAt>

const notice = z.object({
  ...told,
  alertId: z.string(),
  repeat: z.int().min(0),
  text: z.object({ en: z.string(), zh: z.string() }),
  url: z.string().nullable(),
  acknowledgedBy: z.string().nullable(),
  timeZone: z.string().default('UTC'),
  test: z.boolean(),
  periods: z.array(period).optional(),
  appeal: appeal.optional(),
}) satisfies z.ZodType<Notice>

const toldState = {
  alertId: z.string(),
  status: z.enum(['firing', 'resolved']),
  repeat: z.int().min(0),
}

const matcher = z.discriminatedUnion('on', [
  z.object({
    on: z.enum(['rule', 'subject', 'slice', 'severity', 'kind', 'contact', 'agent']),
    value: z.string(),
  }),
  z.object({ on: z.literal('label'), label: z.string(), value: z.string() }),
]) satisfies z.ZodType<SilenceMatcher>

const silence = z.object({
  id: z.string(),
  tenant: z.string(),
  matchers: z.array(matcher),
  author: z.string(),
  comment: z.string(),
  startsMs: epochMs,
  endsMs: epochMs,
}) satisfies z.ZodType<Silence>

const asked = { id: z.string(), author: z.string(), atMs: epochMs }

const command = z.discriminatedUnion('kind', [
  z.object({
    ...asked,
    kind: z.literal('acknowledge'),
    tenant: z.string(),
    alertId: z.string(),
    comment: z.string(),
  }),
  z.object({ ...asked, kind: z.literal('silence'), tenant: z.string(), silence }),
  z.object({ ...asked, kind: z.literal('unsilence'), tenant: z.string(), silenceId: z.string() }),
  z.object({ ...asked, kind: z.literal('enable-endpoint'), endpoint: z.string() }),
  z.object({ ...asked, kind: z.literal('test-endpoint'), endpoint: z.string() }),
  z.object({ ...asked, kind: z.literal('resend'), endpoint: z.string(), deliveryId: z.string() }),
]) satisfies z.ZodType<AlertCommand>

export const recordShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('transition'), transition }),
  z.object({ kind: z.literal('command'), command }),
  z.object({ kind: z.literal('notice'), endpoint: z.string(), notice }),
  z.object({
    kind: z.literal('told'),
    tenant: z.string(),
    told: z.object({ ...toldState, atMs: epochMs, endpoints: z.array(z.string()) }),
  }),
  z.object({
    kind: z.literal('issued'),
    issued: z.object({
      tenant: z.string(),
      closedAtMs: epochMs,
      periods: z.array(period),
    }),
  }),
  z.object({ kind: z.literal('appeal'), announced: announcedAt, appeal }),
  z.object({ kind: z.literal('announced-told'), tenant: z.string(), upTo: announcedAt }),
  z.object({
    kind: z.literal('delivered'),
    endpoint: z.string(),
    messageId: z.string(),
    notices: z.array(z.object(toldState)),
  }),
]) satisfies z.ZodType<AlertRecord>
