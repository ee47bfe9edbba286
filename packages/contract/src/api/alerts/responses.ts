import { alertSeverities, noticeReasons } from '@deskpulse/core/alerts'
import { appealDecisions } from '@deskpulse/core/subjects'
import { closedKinds } from '@deskpulse/core/time'
import * as z from 'zod'
import { ruleInputSchema } from '../../config/alerts/schema.ts'
import { endpointKinds } from '../../config/endpoint.ts'
import { instant } from '../instant.ts'
import { knownAsOf, unitSchema } from '../responses/values.ts'

export const alertStatuses = ['pending', 'firing', 'resolved'] as const
/** How far one endpoint was told. `coalesced`: a newer state took its place before it was sent. */
export const toldStatuses = [
  'waiting',
  'delivered',
  'failing',
  'given-up',
  'coalesced',
  'disabled',
] as const

const severity = z.enum(alertSeverities)
const texts = z.object({ en: z.string(), zh: z.string() })

const toldSchema = z.object({
  /** Why it was told, or why not. */
  why: z.enum(noticeReasons),
  /** When it was last told; `null`: never. */
  at: instant.nullable(),
  /** When it will be told next, if nothing else changes. */
  nextAt: instant.nullable(),
  endpoints: z.array(
    z.object({
      endpoint: z.string(),
      status: z.enum(toldStatuses),
      at: instant.nullable(),
      attempts: z.int(),
      /** To look it up, or send it again; `null`: it is in no message yet. */
      deliveryId: z.string().nullable(),
    }),
  ),
})

export const alertSchema = z
  .object({
    alertId: z.string(),
    tenant: z.string(),
    rule: z.string(),
    kind: z.enum(['deadline', 'windowed']),
    /** `pending`: beyond its threshold, for less than the rule's `for`. */
    status: z.enum(alertStatuses),
    severity,
    slice: z.string(),
    subject: z.string(),
    contactId: z.string().nullable(),
    agentId: z.string().nullable(),
    state: z.string().nullable(),
    channel: z.string().nullable(),
    since: instant,
    /** `null`: it is pending. */
    startedAt: instant.nullable(),
    endedAt: instant.nullable(),
    /** It was found more than five minutes after it began: told in a summary if it still goes on. */
    late: z.boolean(),
    /** It never was: an answer in time came late. */
    retracted: z.boolean(),
    /** The rule no longer asks. */
    withdrawn: z.boolean(),
    kpi: z.string().nullable(),
    value: z.number().nullable(),
    limit: z.number(),
    unit: unitSchema,
    labels: z.record(z.string(), z.string()),
    text: texts,
    acknowledgement: z.object({ author: z.string(), comment: z.string(), at: instant }).nullable(),
    /** Ids of the silences in force that match it. */
    silencedBy: z.array(z.string()),
    /** `null`: it is pending. */
    told: toldSchema.nullable(),
  })
  .meta({ id: 'Alert' })
export type AlertResponse = z.infer<typeof alertSchema>

const cursor = z
  .string()
  .optional()
  .meta({ description: 'ask again with it for the rows after these; absent = there are none' })

/** The newest first. */
export const alertListSchema = z
  .object({
    ...knownAsOf,
    rows: z.array(alertSchema),
    cursor,
  })
  .meta({ id: 'AlertList' })
export type AlertListResponse = z.infer<typeof alertListSchema>

export const silenceSchema = z
  .object({
    id: z.string(),
    matchers: z.array(
      z.object({ on: z.string(), label: z.string().optional(), value: z.string() }),
    ),
    author: z.string(),
    comment: z.string(),
    startsAt: instant,
    endsAt: instant,
    status: z.enum(['to-come', 'in-force', 'over']),
  })
  .meta({ id: 'Silence' })
export type SilenceResponse = z.infer<typeof silenceSchema>
export const silenceListSchema = z
  .object({ rows: z.array(silenceSchema) })
  .meta({ id: 'SilenceList' })
export type SilenceListResponse = z.infer<typeof silenceListSchema>

const ruleRow = z.object({
  /** Complete, as it may be sent back; durations in ms. */
  rule: ruleInputSchema,
  /** Who says so last: it came with Deskpulse, the installation's file changed or added it, or somebody over HTTP. */
  origin: z.enum(['shipped', 'file', 'api']),
})
const ruleVersion = z.object({
  id: z.string(),
  from: instant,
  origin: z.enum(['file', 'api']),
  author: z.string().nullable(),
})

/** Rules in force, disabled ones too. `version`: what a change must name; `null`: nobody ever changed anything. */
export const ruleListSchema = z
  .object({
    version: z.string().nullable(),
    rows: z.array(ruleRow),
    /** The last ones, the newest first. */
    versions: z.array(ruleVersion),
  })
  .meta({ id: 'AlertRuleList' })
export type RuleListResponse = z.infer<typeof ruleListSchema>

/** `rule: null`: there is none of that name any more. */
export const ruleChangedSchema = z
  .object({ version: z.string(), rule: ruleRow.nullable() })
  .meta({ id: 'AlertRuleChanged' })
export type RuleChangedResponse = z.infer<typeof ruleChangedSchema>

/** What the rule would have done. `count` is of all; `alerts` are the first ones: those that `notified` counts, then the others, each by their start. */
export const dryRunSchema = z
  .object({
    rule: ruleInputSchema,
    from: instant,
    to: instant,
    /** Entries of the log that were read; `null`: measures were read. */
    entries: z.int().nullable(),
    count: z.int(),
    /** Those that would have notified somebody: neither late nor retracted. */
    notified: z.int(),
    alerts: z.array(
      z.object({
        subject: z.string(),
        slice: z.string(),
        since: instant,
        startedAt: instant,
        endedAt: instant.nullable(),
        value: z.number().nullable(),
        late: z.boolean(),
        retracted: z.boolean(),
      }),
    ),
    notes: z.array(z.object({ code: z.string(), text: z.string() })),
  })
  .meta({ id: 'DryRun' })
export type DryRunResponse = z.infer<typeof dryRunSchema>

/** Without address and secrets. */
export const endpointSchema = z
  .object({
    name: z.string(),
    kind: z.enum(endpointKinds),
    host: z.string(),
    language: z.enum(['en', 'zh', 'both']),
    severity,
    /** `null`: all. */
    tenants: z.array(z.string()).nullable(),
    /** It is told of alerts. */
    alerts: z.boolean(),
    /** It is told of closed periods of these kinds. */
    closedPeriods: z.array(z.enum(closedKinds)),
    /** It is told when appeals are filed and decided. */
    appeals: z.boolean(),
    status: z.enum(['healthy', 'failing', 'disabled']),
    failingSince: instant.nullable(),
    lastDeliveredAt: instant.nullable(),
    disabled: z
      .object({ since: instant, reason: z.enum(['failing', 'gone']), detail: z.string() })
      .nullable(),
    /** Alerts that wait to be told. */
    waiting: z.int(),
  })
  .meta({ id: 'AlertEndpoint' })
export type EndpointResponse = z.infer<typeof endpointSchema>
export const endpointListSchema = z
  .object({ rows: z.array(endpointSchema) })
  .meta({ id: 'AlertEndpointList' })
export type EndpointListResponse = z.infer<typeof endpointListSchema>

export const deliverySchema = z
  .object({
    /** The `webhook-id` of every attempt. */
    id: z.string(),
    createdAt: instant,
    status: z.enum(toldStatuses),
    /** Why it was not delivered. */
    reason: z.string().nullable(),
    endedAt: instant.nullable(),
    nextAttemptAt: instant.nullable(),
    test: z.boolean(),
    alerts: z.array(
      z.object({
        alertId: z.string(),
        tenant: z.string(),
        rule: z.string(),
        status: z.enum(['firing', 'resolved']),
        repeat: z.int(),
      }),
    ),
    /** Of a message about closed periods: how many, and which is the first. */
    closedPeriods: z
      .object({
        tenant: z.string(),
        kind: z.enum(closedKinds),
        label: z.string(),
        count: z.int().min(1),
      })
      .nullable(),
    /** Appeals that it tells of. `decision` is `null` where it says that one was filed. */
    appeals: z.array(
      z.object({
        tenant: z.string(),
        appealId: z.string(),
        agentId: z.string(),
        decision: z.enum(appealDecisions).nullable(),
      }),
    ),
    attemptCount: z.int(),
    /** The first and the last ones. */
    attempts: z.array(
      z.object({
        number: z.int(),
        at: instant,
        /** `null`: it is under way. */
        durationMs: z.int().nullable(),
        outcome: z
          .enum(['accepted', 'refused', 'gone', 'failed', 'stopped', 'interrupted'])
          .nullable(),
        httpStatus: z.int().nullable(),
        reason: z.string().nullable(),
        detail: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'Delivery' })
export type DeliveryResponse = z.infer<typeof deliverySchema>
/** The newest first. */
export const deliveryListSchema = z
  .object({ rows: z.array(deliverySchema), cursor })
  .meta({ id: 'DeliveryList' })
export type DeliveryListResponse = z.infer<typeof deliveryListSchema>

/** It was taken down, and is done by whoever owns the endpoint. */
export const commandedSchema = z.object({ commandId: z.string() }).meta({ id: 'Commanded' })
export type CommandedResponse = z.infer<typeof commandedSchema>
