import {
  type ChannelClass,
  configuredDimensions,
  defaultTenantConfig as defaults,
  type Rater,
  type TenantConfig,
  type WrittenClass,
} from '@deskpulse/core/config'
import * as z from 'zod'
import { scoreCardShape } from './score-card-shape.ts'

const ms = z.int().min(0)
const channelClass = z.enum(['voice', 'live', 'deferred'])
const dimension = z.enum(configuredDimensions)

/** A member for each class; one that is left out has its default. */
const byClass = <Member extends z.ZodType>(memberOf: (which: ChannelClass) => Member) =>
  z.strictObject({
    voice: memberOf('voice'),
    live: memberOf('live'),
    deferred: memberOf('deferred'),
  })

const limitsOf = (which: ChannelClass) =>
  z
    .strictObject({
      firstResponseMs: ms.default(defaults.limits[which].firstResponseMs),
      replyMs: ms.default(defaults.limits[which].replyMs),
      resolutionMs: ms.nullable().default(defaults.limits[which].resolutionMs),
    })
    .prefault({})

const override = z.strictObject({
  queue: z.string().optional(),
  channel: z.string().optional(),
  priority: z.string().optional(),
  firstResponseMs: ms.optional(),
  replyMs: ms.optional(),
  resolutionMs: ms.nullable().optional(),
})

const minute = z.int().min(0).max(1_440)
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
const calendar = z.strictObject({
  hours: z
    .array(
      z.strictObject({
        days: z.array(z.int().min(1).max(7)).readonly(),
        fromMinute: minute,
        toMinute: minute,
      }),
    )
    .readonly(),
  holidays: z
    .array(z.strictObject({ from: date, to: date, name: z.string().optional() }))
    .readonly(),
  workdays: z.array(z.strictObject({ date, fromMinute: minute, toMinute: minute })).readonly(),
})
const clock = (which: WrittenClass) =>
  z.enum(['calendar', 'business']).default(defaults.clock[which])
const outside = (which: WrittenClass) =>
  z.enum(['count', 'exclude', 'separate']).default(defaults.outsideHours[which])

const weight = (of: Rater) => z.number().min(0).default(defaults.raters[of])

const target = z.strictObject({
  kpi: z.string(),
  slice: z.string().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
})

const slices = z.strictObject({
  dimensions: z.array(dimension).readonly().default(defaults.slices.dimensions),
  pairs: z
    .array(z.tuple([dimension, dimension]).readonly())
    .readonly()
    .default(defaults.slices.pairs),
  values: z
    .partialRecord(dimension, z.array(z.string()).readonly())
    .default(defaults.slices.values),
})

const dayWindow = z.strictObject({ fromMinute: minute, toMinute: minute })

/**
 * The shape of a configuration as it is stored: complete, in milliseconds. What a person writes is
 * another thing (config/tenant.ts).
 * A key that an older version of Deskpulse did not write has its default. A key that this version does not know
 * is refused, other than in a rule of alerts: it says what is to be counted, and a reader that left it out would
 * count something else without a word.
 */
export const configShape = z.strictObject({
  // Its existence is the sender's to check: which zones a machine knows must not decide what counts.
  timeZone: z.string().min(1),
  channelClasses: z.record(z.string(), channelClass).default(defaults.channelClasses),
  limits: byClass(limitsOf).prefault({}),
  limitOverrides: z.array(override).readonly().default(defaults.limitOverrides),
  thresholdsSeconds: z.array(z.int().min(1)).max(5).readonly().default(defaults.thresholdsSeconds),
  responseCapSeconds: z.int().min(1).default(defaults.responseCapSeconds),
  sessionMeanSeconds: z.int().min(1).default(defaults.sessionMeanSeconds),
  responseWindow: dayWindow.nullable().default(defaults.responseWindow),
  targets: z.array(target).readonly().default(defaults.targets),
  slices: slices.prefault({}),
  sliceValuesMax: z.int().min(1).default(defaults.sliceValuesMax),
  calendars: z.record(z.string(), calendar).default(defaults.calendars),
  calendar: z.string().nullable().default(defaults.calendar),
  queueCalendars: z.record(z.string(), z.string()).default(defaults.queueCalendars),
  clock: z.strictObject({ live: clock('live'), deferred: clock('deferred') }).prefault({}),
  outsideHours: z
    .strictObject({ live: outside('live'), deferred: outside('deferred') })
    .prefault({}),
  pendedPauses: byClass((which) => z.boolean().default(defaults.pendedPauses[which])).prefault({}),
  fcrWindowMs: ms.default(defaults.fcrWindowMs),
  threadSources: z.array(z.string()).readonly().default(defaults.threadSources),
  returnGapMs: ms.default(defaults.returnGapMs),
  idleGapMs: ms.default(defaults.idleGapMs),
  waitMaxMs: byClass((which) => ms.default(defaults.waitMaxMs[which])).prefault({}),
  clockSkewMs: ms.default(defaults.clockSkewMs),
  resolvedBy: byClass((which) =>
    z.enum(['event', 'release', 'close']).default(defaults.resolvedBy[which]),
  ).prefault({}),
  engagedIdleMs: ms.default(defaults.engagedIdleMs),
  agentHeartbeatTimeoutMs: ms.default(defaults.agentHeartbeatTimeoutMs),
  agentSilenceMs: ms.nullable().default(defaults.agentSilenceMs),
  agentShiftMaxMs: ms.default(defaults.agentShiftMaxMs),
  closing: z.strictObject({ graceMs: ms.default(defaults.closing.graceMs) }).prefault({}),
  raters: z
    .strictObject({
      self: weight('self'),
      supervisor: weight('supervisor'),
      peer: weight('peer'),
      customer: weight('customer'),
    })
    .prefault({}),
  scoreCards: z.array(scoreCardShape).readonly().default(defaults.scoreCards),
}) satisfies z.ZodType<TenantConfig>
