import * as z from 'zod'
import {
  configuredDimensions,
  defaultTenantConfig,
  type TenantConfig,
} from '@deskpulse/core/config'
import { amount } from './amount.ts'
import { calendarOf, calendarSchema } from './calendars.ts'
import { duration } from './duration.ts'
import { chosenPreset, type ChosenPreset, presetChoice } from './presets.ts'
import { type PseudonymKeys, pseudonymiseSchema } from './pseudonymise.ts'
import { raterWeights, scoreCardOf, scoreCardsSchema } from './score-cards.ts'
import { dayClocks, differs, isStretch, minuteOf } from './hours.ts'
import { targetOf } from './targets.ts'
import { timeZone } from './time-zone.ts'

const day = 86_400_000
const limit = duration(1, 400 * day)
const name = z.string().min(1).max(128)

const channelClass = z.enum(['voice', 'live', 'deferred'])
/** `never`: there is no limit. */
const resolutionLimit = z.preprocess(
  (value) => (value === 'never' ? null : value),
  duration(1, 400 * day, 'never, or ')
    .nullable()
    .optional(),
)
const limits = z.strictObject({
  firstResponse: limit.optional(),
  reply: limit.optional(),
  resolution: resolutionLimit.optional(),
})
const clock = z.enum(['calendar', 'business'])
const outside = z.enum(['count', 'exclude', 'separate'])
const resolvedBy = z.enum(['event', 'release', 'close'])
const dimension = z.enum(configuredDimensions)

const pair = z
  .tuple([dimension, dimension])
  .refine(([one, other]) => one !== other, { error: 'two different dimensions' })

const target = z.strictObject({
  kpi: name,
  slice: name.optional(),
  min: amount.optional(),
  max: amount.optional(),
})
const thresholds = z
  .array(duration(1_000, day).refine((ms) => ms % 1_000 === 0, { error: 'whole seconds' }))
  .max(5)

const seconds = z.int().min(1).max(86_400)
/** `always`: whenever a reply begins. */
const dayWindow = z.union([
  z.literal('always'),
  z
    .strictObject(dayClocks)
    .refine(isStretch, differs)
    .meta({ not: { properties: { from: { const: '00:00' }, to: { const: '00:00' } } } }), // As of hours.
])

/** `never` is the default. */
const silence = z.preprocess(
  (value) => (value === 'never' ? undefined : value),
  duration(1_000, day, 'never, or ').optional(),
)

/** One tenant of the file. What is left out is the default of core's `defaultTenantConfig`; what follows from several keys: `tenantFaults`. */
export const tenantSchema = z.strictObject({
  preset: presetChoice.optional(),
  timeZone: timeZone.optional(),
  channelClasses: z.record(name, channelClass).optional(),
  limits: z
    .strictObject({
      voice: limits.optional(),
      live: limits.optional(),
      deferred: limits.optional(),
    })
    .optional(),
  limitOverrides: z
    .array(
      limits.extend({
        queue: name.optional(),
        channel: name.optional(),
        priority: name.optional(),
      }),
    )
    .max(1_000)
    .optional(),
  thresholds: thresholds.optional(),
  responseCapSeconds: seconds.optional(),
  sessionMeanSeconds: seconds.optional(),
  responseWindow: dayWindow.optional(),
  targets: z.array(target).max(1_000).optional(),
  slices: z
    .strictObject({
      dimensions: z.array(dimension).optional(),
      pairs: z.array(pair).optional(),
      values: z.partialRecord(dimension, z.array(name).max(10_000)).optional(),
      valuesMax: z.int().min(1).max(100_000).optional(),
    })
    .optional(),
  calendars: z.record(name, calendarSchema).optional(),
  calendar: name.optional(),
  queueCalendars: z.record(name, name).optional(),
  clock: z.strictObject({ live: clock.optional(), deferred: clock.optional() }).optional(),
  outsideHours: z
    .strictObject({ live: outside.optional(), deferred: outside.optional() })
    .optional(),
  pendedPauses: z
    .strictObject({
      voice: z.boolean().optional(),
      live: z.boolean().optional(),
      deferred: z.boolean().optional(),
    })
    .optional(),
  fcrWindow: duration(1, 90 * day).optional(),
  returnGap: duration(0, 7 * day).optional(),
  idleGap: duration(60_000, 35 * day).optional(),
  waitMax: z
    .strictObject({ voice: limit.optional(), live: limit.optional(), deferred: limit.optional() })
    .optional(),
  clockSkew: duration(0, 60_000).optional(),
  resolvedBy: z
    .strictObject({
      voice: resolvedBy.optional(),
      live: resolvedBy.optional(),
      deferred: resolvedBy.optional(),
    })
    .optional(),
  engagedIdle: duration(1_000, day).optional(),
  agentHeartbeatTimeout: duration(1_000, day).optional(),
  agentSilence: silence.optional(),
  agentShiftMax: duration(60_000, 2 * day).optional(),
  closing: z.strictObject({ grace: duration(0, 36_500 * day).optional() }).optional(),
  raters: raterWeights.partial().optional(),
  scoreCards: scoreCardsSchema.optional(),
  pseudonymise: pseudonymiseSchema.optional(),
  /** The sources already send pseudonyms. */
  customersArePseudonyms: z.boolean().optional(),
  sources: z.record(name, z.strictObject({ contacts: z.enum(['request', 'thread']) })).optional(),
})

export type TenantInput = z.output<typeof tenantSchema>

/** A tenant as the services use it. `config` goes through the log; the rest stays with ingest. */
export type TenantSettings = {
  readonly config: TenantConfig
  /** `null`: it has none. */
  readonly pseudonymise: PseudonymKeys | null
  readonly customersArePseudonyms: boolean
  /** Its `preset`; `null`: it chose none. */
  readonly preset: ChosenPreset | null
}

/** `null` is said. */
const orDefault = <Value>(said: Value | undefined, otherwise: Value): Value =>
  said === undefined ? otherwise : said

type Limits = NonNullable<TenantInput['limits']>

function limitsOf(input: Limits = {}): TenantConfig['limits'] {
  const defaults = defaultTenantConfig.limits
  const of = (which: keyof Limits) => ({
    firstResponseMs: input[which]?.firstResponse ?? defaults[which].firstResponseMs,
    replyMs: input[which]?.reply ?? defaults[which].replyMs,
    resolutionMs: orDefault(input[which]?.resolution, defaults[which].resolutionMs),
  })
  return { voice: of('voice'), live: of('live'), deferred: of('deferred') }
}

function waitMaxOf(input: TenantInput['waitMax'] = {}): TenantConfig['waitMaxMs'] {
  const { voice, live, deferred } = defaultTenantConfig.waitMaxMs
  return {
    voice: input.voice ?? voice,
    live: input.live ?? live,
    deferred: input.deferred ?? deferred,
  }
}

function overridesOf(input: TenantInput['limitOverrides'] = []): TenantConfig['limitOverrides'] {
  return input.map(({ firstResponse, reply, resolution, ...where }) => ({
    ...where,
    ...(firstResponse === undefined ? {} : { firstResponseMs: firstResponse }),
    ...(reply === undefined ? {} : { replyMs: reply }),
    ...(resolution === undefined ? {} : { resolutionMs: resolution }),
  }))
}

function threadSourcesOf(sources: TenantInput['sources'] = {}): TenantConfig['threadSources'] {
  return Object.keys(sources)
    .filter((source) => sources[source]!.contacts === 'thread')
    .sort()
}

function responseWindowOf(
  input: TenantInput['responseWindow'] = 'always',
): TenantConfig['responseWindow'] {
  if (input === 'always') return null
  return { fromMinute: minuteOf(input.from), toMinute: minuteOf(input.to) }
}

/** What the tenant says over what its preset says: key by key, of limits and of what is by class each member by itself. */
function withPreset({ preset, ...written }: TenantInput): TenantInput {
  const own = Object.fromEntries(
    Object.entries(written).filter(([, value]) => value !== undefined),
  ) as TenantInput
  const chosen = preset === undefined ? null : chosenPreset(preset)
  if (chosen === null) return own
  const its = tenantSchema.parse(chosen.settings)
  const limitsBy = (which: keyof Limits) => ({ ...its.limits?.[which], ...own.limits?.[which] })
  return {
    ...its,
    ...own,
    limits: { voice: limitsBy('voice'), live: limitsBy('live'), deferred: limitsBy('deferred') },
    outsideHours: { ...its.outsideHours, ...own.outsideHours },
  }
}

/** What the file says of a tenant over its preset, and over the defaults. `{}` gives the default configuration. */
export function tenantConfigOf(written: TenantInput): TenantConfig {
  const input = withPreset(written)
  const defaults = defaultTenantConfig
  const { valuesMax = defaults.sliceValuesMax, ...slices } = input.slices ?? {}
  return {
    timeZone: input.timeZone ?? defaults.timeZone,
    channelClasses: { ...defaults.channelClasses, ...input.channelClasses },
    limits: limitsOf(input.limits),
    limitOverrides: overridesOf(input.limitOverrides),
    thresholdsSeconds: input.thresholds?.map((ms) => ms / 1_000) ?? defaults.thresholdsSeconds,
    responseCapSeconds: input.responseCapSeconds ?? defaults.responseCapSeconds,
    sessionMeanSeconds: input.sessionMeanSeconds ?? defaults.sessionMeanSeconds,
    responseWindow: responseWindowOf(input.responseWindow),
    targets: input.targets?.map(targetOf) ?? defaults.targets,
    slices: { ...defaults.slices, ...slices },
    sliceValuesMax: valuesMax,
    calendars: Object.fromEntries(
      Object.entries(input.calendars ?? {}).map(([name, one]) => [name, calendarOf(one)]),
    ),
    calendar: input.calendar ?? defaults.calendar,
    queueCalendars: { ...input.queueCalendars },
    clock: { ...defaults.clock, ...input.clock },
    outsideHours: { ...defaults.outsideHours, ...input.outsideHours },
    pendedPauses: { ...defaults.pendedPauses, ...input.pendedPauses },
    fcrWindowMs: input.fcrWindow ?? defaults.fcrWindowMs,
    threadSources: threadSourcesOf(input.sources),
    returnGapMs: input.returnGap ?? defaults.returnGapMs,
    idleGapMs: input.idleGap ?? defaults.idleGapMs,
    waitMaxMs: waitMaxOf(input.waitMax),
    clockSkewMs: input.clockSkew ?? defaults.clockSkewMs,
    resolvedBy: { ...defaults.resolvedBy, ...input.resolvedBy },
    engagedIdleMs: input.engagedIdle ?? defaults.engagedIdleMs,
    agentHeartbeatTimeoutMs: input.agentHeartbeatTimeout ?? defaults.agentHeartbeatTimeoutMs,
    agentSilenceMs: input.agentSilence ?? defaults.agentSilenceMs,
    agentShiftMaxMs: input.agentShiftMax ?? defaults.agentShiftMaxMs,
    closing: { graceMs: input.closing?.grace ?? defaults.closing.graceMs },
    raters: { ...defaults.raters, ...input.raters },
    scoreCards: input.scoreCards?.map(scoreCardOf) ?? defaults.scoreCards,
  }
}
