import type { BusinessCalendar } from '../time/business-hours.ts'
import type { DayWindow } from '../time/day-window.ts'
import type { DurationMs } from '../time/time.ts'
import { defaultCard, type ScoreCard } from './score-card.ts'

export type ChannelClass = 'voice' | 'live' | 'deferred'

/** Classes of which somebody waits for what is written, and which may run on business time. Voice is always calendar time. */
export type WrittenClass = Exclude<ChannelClass, 'voice'>

/** What a duration runs on. */
export type Clock = 'calendar' | 'business'

/**
 * What becomes of contacts that begin outside of their queue's hours. `count`: they count like all others; `exclude`: in no KPI of response;
 * `separate`: in KPIs of their own, `after_hours_…`.
 */
export type OutsideHours = 'count' | 'exclude' | 'separate'

/** Limits of the response clocks; the most specific of queue + channel + priority, queue + channel, queue, class wins (semantics 4). */
export type ResponseLimits = { readonly firstResponseMs: DurationMs; readonly replyMs: DurationMs }

/** `resolutionMs`: until a contact is to be resolved, from its request on; `null`: there is no limit. */
export type Limits = ResponseLimits & { readonly resolutionMs: DurationMs | null }

export type LimitOverride = Partial<Limits> & {
  readonly queue?: string
  readonly channel?: string
  readonly priority?: string
}

/** `{ min?, max? }` of a KPI in a slice (canonical text; absent = every slice). */
export type KpiTarget = {
  readonly kpi: string
  readonly slice?: string
  readonly min?: number
  readonly max?: number
}

/** Of `appeal` there are slices wherever there are of `agent`: nobody asks for them by configuration. */
export const dimensions = [
  'queue',
  'agent',
  'channel',
  'class',
  'topic',
  'priority',
  'skill',
  'shop',
  'intent',
  'appeal',
] as const
export type Dimension = (typeof dimensions)[number]
export type ConfiguredDimension = Exclude<Dimension, 'appeal'>
export const configuredDimensions = dimensions.filter((dimension) => dimension !== 'appeal')

/** Who assesses agents, where their words have weights of their own. */
export const raters = ['self', 'supervisor', 'peer', 'customer'] as const
export type Rater = (typeof raters)[number]

/** What changes values or slices of one tenant; it reaches the folds through the log, versioned. */
export type TenantConfig = {
  /** IANA zone: days, weeks and months are wall-clock in it. */
  readonly timeZone: string
  /** Channel → class. A channel that is not listed is `live`. */
  readonly channelClasses: Readonly<Record<string, ChannelClass>>
  readonly limits: Readonly<Record<ChannelClass, Limits>>
  readonly limitOverrides: readonly LimitOverride[]
  /** Further thresholds of `answered_within_<n>s_of_due`, whole seconds, at most 5. */
  readonly thresholdsSeconds: readonly number[]
  /** What a reply counts at most in `response_time_capped`, whole seconds. */
  readonly responseCapSeconds: number
  /** What the mean wait of a session may be in `sessions_within_mean_rate`, and each of its waits, whole seconds. */
  readonly sessionMeanSeconds: number
  /** Replies that begin outside of it are in no KPI of response; `null`: whenever they begin. */
  readonly responseWindow: DayWindow | null
  readonly targets: readonly KpiTarget[]
  readonly slices: {
    readonly dimensions: readonly ConfiguredDimension[]
    readonly pairs: readonly (readonly [ConfiguredDimension, ConfiguredDimension])[]
    /** Configured values: always returned, also when nothing happened; for open vocabularies (`topic`, `intent`, `shop`, `skill`, `priority`) what is not listed counts as `other`. */
    readonly values: Readonly<Partial<Record<Dimension, readonly string[]>>>
  }
  /** So many queues, agents and channels, of each, have slices of their own; what comes after them counts as `other` in their dimension. */
  readonly sliceValuesMax: number
  /** By name. */
  readonly calendars: Readonly<Record<string, BusinessCalendar>>
  /** The tenant's calendar; `null`: always open. */
  readonly calendar: string | null
  /** Calendars of queues that have another one. */
  readonly queueCalendars: Readonly<Record<string, string>>
  /** What limits run on, and what values show that are asked for without a clock. */
  readonly clock: Readonly<Record<WrittenClass, Clock>>
  readonly outsideHours: Readonly<Record<WrittenClass, OutsideHours>>
  /** The limit of the resolution stands still while the contact is pended. */
  readonly pendedPauses: Readonly<Record<ChannelClass, boolean>>
  readonly fcrWindowMs: DurationMs
  /** Sources whose contacts are threads: a `contactId` stands for a conversation that lasts, and is cut into sessions (semantics 8). */
  readonly threadSources: readonly string[]
  /** A customer message later than this after resolve or close reopens the contact, or begins another session of a thread. */
  readonly returnGapMs: DurationMs
  /** A customer message later than this after the last public message begins another session of a thread. */
  readonly idleGapMs: DurationMs
  /** An owed reply or a caller's wait that nothing ended for so long is given up as lost, per class. */
  readonly waitMaxMs: Readonly<Record<ChannelClass, DurationMs>>
  /** Two sources' clocks differ by this at most: a queue told so long after the assignment from it is no new stay. */
  readonly clockSkewMs: DurationMs
  /** Which event resolves a contact, per class. */
  readonly resolvedBy: Readonly<Record<ChannelClass, 'event' | 'release' | 'close'>>
  /** Live engagement is suspended after this long without a public message. */
  readonly engagedIdleMs: DurationMs
  /** An agent of a source that sends heartbeats is signed out so long after the last one. */
  readonly agentHeartbeatTimeoutMs: DurationMs
  /** An agent is signed out so long after the last event that names it. `null`: silence signs nobody out, but for the shift's maximum. */
  readonly agentSilenceMs: DurationMs | null
  /** A sign-in without sign-out ends so long after the last event that names the agent. */
  readonly agentShiftMaxMs: DurationMs
  /** A period is closed once the input is complete up to so long after its end. */
  readonly closing: { readonly graceMs: DurationMs }
  /** How much the word of each counts in assessments of agents, beside those of the others. */
  readonly raters: Readonly<Record<Rater, number>>
  /** Score cards, each with its versions; no value of a KPI depends on them. */
  readonly scoreCards: readonly ScoreCard[]
}

export const defaultTenantConfig: TenantConfig = {
  timeZone: 'UTC',
  channelClasses: {
    voice: 'voice',
    email: 'deferred',
    ticket: 'deferred',
    chat: 'live',
    social: 'live',
    sms: 'live',
  },
  limits: {
    voice: { firstResponseMs: 20_000, replyMs: 20_000, resolutionMs: null },
    live: { firstResponseMs: 28_000, replyMs: 30_000, resolutionMs: null },
    deferred: { firstResponseMs: 3_600_000, replyMs: 3_600_000, resolutionMs: 24 * 3_600_000 },
  },
  limitOverrides: [],
  thresholdsSeconds: [30, 180],
  responseCapSeconds: 600,
  sessionMeanSeconds: 180,
  responseWindow: null,
  targets: [],
  slices: {
    dimensions: ['queue', 'agent', 'channel', 'class'],
    pairs: [
      ['queue', 'channel'],
      ['queue', 'class'],
    ],
    values: {},
  },
  sliceValuesMax: 20_000,
  calendars: {},
  calendar: null,
  queueCalendars: {},
  clock: { live: 'calendar', deferred: 'business' },
  outsideHours: { live: 'count', deferred: 'count' },
  pendedPauses: { voice: false, live: false, deferred: false },
  fcrWindowMs: 72 * 3_600_000,
  threadSources: [],
  returnGapMs: 600_000,
  idleGapMs: 24 * 3_600_000,
  waitMaxMs: { voice: 4 * 3_600_000, live: 24 * 3_600_000, deferred: 35 * 24 * 3_600_000 },
  clockSkewMs: 2_000,
  resolvedBy: { voice: 'release', live: 'event', deferred: 'event' },
  engagedIdleMs: 600_000,
  agentHeartbeatTimeoutMs: 120_000,
  agentSilenceMs: null,
  agentShiftMaxMs: 16 * 3_600_000,
  closing: { graceMs: 60_000 },
  raters: { self: 30, supervisor: 50, peer: 10, customer: 10 },
  scoreCards: [defaultCard],
}

/** A version in force from `fromMs` on, known since the log time `takenMs`; the first one has `beginningOfTimeMs` for both. `id` is the hash of its content. */
export type ConfigVersion = {
  readonly id: string
  readonly takenMs: number
  readonly fromMs: number
  readonly config: TenantConfig
}
