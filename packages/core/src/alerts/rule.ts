import type { ChannelClass } from '../config/tenant-config.ts'
import type { AgentState } from '../events/types.ts'
import { type KpiStatistic, kpiStatistics } from '../kpis/kpi.ts'
import type { DurationMs } from '../time/time.ts'
import type { WeeklyHours } from '../time/weekly-hours.ts'

export const alertSeverities = ['info', 'warning', 'critical'] as const
export type AlertSeverity = (typeof alertSeverities)[number]

/** What a person reads, with placeholders in braces: see `alertPlaceholders`. */
export type AlertText = { readonly en: string; readonly zh: string }

type RuleBase = {
  /** a–z, 0–9 and -: identity within the tenant. */
  readonly name: string
  readonly enabled: boolean
  readonly severity: AlertSeverity
  readonly labels: Readonly<Record<string, string>>
  readonly text: AlertText
  /** The rule fires within these hours alone; `null`: always. */
  readonly hours: WeeklyHours | null
  /** While it fires and nobody acknowledged, told again after so long; `null`: told once. */
  readonly repeatMs: DurationMs | null
  /** Names of endpoints; `null` = all, but for those of the second level. */
  readonly endpoints: readonly string[] | null
  /** `null`: there is no second level. */
  readonly escalation: Escalation | null
}

/** The second level: these endpoints are told, too, while it still fires so long after its beginning and nobody acknowledged. */
export type Escalation = { readonly afterMs: DurationMs; readonly endpoints: readonly string[] }

/** A deadline that can be warned of before it passes. */
type Warned = {
  /** A share of the limit, in (0, 1): an alert of its own says when that has passed. `null`: nothing does. */
  readonly warnAt: number | null
  /** Of that alert's rule (`withWarnings`) alone: the limit that it warns of. */
  readonly warnsOfMs?: DurationMs
}

/** An owed reply or a queue wait is over `limitMs` while it is unanswered. */
export type ContactRule = RuleBase &
  Warned & {
    readonly kind: 'deadline'
    readonly subject: 'contact'
    readonly limitMs: DurationMs
    readonly waits: readonly ('reply' | 'queue')[]
    readonly classes: readonly ChannelClass[]
    /** Canonical text; the contact must be in it (`all`: any). */
    readonly slice: string
  }

/** An agent is in one of `states` for longer than `limitMs`. */
export type AgentRule = RuleBase &
  Warned & {
    readonly kind: 'deadline'
    readonly subject: 'agent'
    readonly limitMs: DurationMs
    readonly states: readonly AgentState[]
    /** `all`, or dimensions of agent and queue. */
    readonly slice: string
  }

/** A source that sent live events has sent none for `limitMs`. */
export type SourceRule = RuleBase &
  Warned & {
    readonly kind: 'deadline'
    readonly subject: 'source'
    readonly limitMs: DurationMs
    /** `null`: every source. */
    readonly sources: readonly string[] | null
  }

/** More than `nearlyFullShare` of the values that a kept dimension has room for are taken, for `limitMs`. */
export type DimensionRule = RuleBase & {
  readonly kind: 'deadline'
  readonly subject: 'dimension'
  readonly limitMs: DurationMs
}

/** The tenant's values are more than `limitMs` behind the clock: nothing else can be seen then. Watched from outside the folds. */
export type PipelineRule = RuleBase & {
  readonly kind: 'deadline'
  readonly subject: 'pipeline'
  readonly limitMs: DurationMs
}

/** An endpoint was disabled because it kept failing. */
export type EndpointRule = RuleBase & {
  readonly kind: 'deadline'
  readonly subject: 'endpoint'
  readonly limitMs: DurationMs
}

/** The clocks in the log have not agreed for `limitMs`: log time stands, or one of them is off. Of the installation. */
export type ClockRule = RuleBase & {
  readonly kind: 'deadline'
  readonly subject: 'clock'
  readonly limitMs: DurationMs
}

/** Records were gone before they were counted; over when somebody acknowledges it. It has no limit. */
export type RecordsRule = RuleBase & {
  readonly kind: 'deadline'
  readonly subject: 'records'
  readonly limitMs: DurationMs
}

export const alertStatistics = kpiStatistics
export type AlertStatistic = KpiStatistic

/** A KPI's statistic over a live window is beyond its threshold. */
export type WindowedRule = RuleBase & {
  readonly kind: 'windowed'
  readonly kpi: string
  readonly statistic: AlertStatistic
  /** Canonical text, or `<dimension>=*`: every slice of that dimension, each an alert of its own. */
  readonly slice: string
  /** `1m` … `60m` or `today`. */
  readonly window: string
  readonly comparison: 'above' | 'below'
  /** In the KPI's unit (durations in ms, ratios in [0, 1]); exactly at the threshold is not beyond it. */
  readonly threshold: number
  /** Once firing, it recovers when the value is back at this one or better. */
  readonly recovery: number
  /** A value of fewer (its denominator or count) is no data. */
  readonly minimumSample: number
  /** Fires when it was beyond the threshold for so long, in log time. */
  readonly forMs: DurationMs
  /** Goes on firing for so long after it recovered. */
  readonly keepFiringForMs: DurationMs
  /** No data: `ok` counts as recovered, `keep` changes nothing, `fire` counts as beyond the threshold. */
  readonly noData: 'ok' | 'keep' | 'fire'
}

export type DeadlineRule =
  | ContactRule
  | AgentRule
  | SourceRule
  | DimensionRule
  | PipelineRule
  | EndpointRule
  | ClockRule
  | RecordsRule
export type AlertRule = DeadlineRule | WindowedRule

/** Of the installation and of no tenant: there is no zone to have hours in, and there is one rule of each kind. */
export const isOfInstallation = (rule: AlertRule): rule is EndpointRule | ClockRule | RecordsRule =>
  rule.kind === 'deadline' &&
  (rule.subject === 'endpoint' || rule.subject === 'clock' || rule.subject === 'records')

/** What is found so long after its deadline, by a back-fill or after an outage, is `late`: told in a summary if it still goes on, else stored alone. */
export const lateAfterMs = 300_000

/**
 * A tenant's rules: `base` is what the installation says (shipped rules, changed and added to by its file), `own` what the tenant's users say, which
 * replaces by name. Every version is an entry of the log, in force from that entry on.
 */
export type RuleVersion = {
  readonly id: string
  /** Log time. */
  readonly fromMs: number
  readonly origin: 'file' | 'api'
  readonly author: string | null
  readonly base: readonly AlertRule[]
  readonly own: readonly AlertRule[]
}
