import { type AlertRule, isOfInstallation, type WindowedRule } from '@deskpulse/core/alerts'
import { catalogueOf } from '@deskpulse/core/kpis'
import { type EpochMs, hourMs } from '@deskpulse/core/time'
import { type EventLog, partitionOf, type StateStore } from '@deskpulse/stream'
import { dryRunDeadline } from './deadline.ts'
import type { DryRun } from './result.ts'
import { configNow, type TenantMoment, tenantMoment } from './tenant.ts'
import { dryRunWindowed } from './windowed.ts'

export type DryRunDeps = {
  /** The aggregator's. */
  readonly store: Pick<StateStore, 'read'>
  readonly log: Pick<EventLog, 'read'>
  /** The log's. */
  readonly topic: string
  readonly partitions: number
  readonly limits?: DryRunLimits
  /** A monotonic clock in ms. */
  readonly now?: () => number
}

export type DryRunLimits = {
  readonly entriesMax: number
  readonly durationMs: number
  readonly slicesMax: number
}
export const dryRunLimits: DryRunLimits = {
  entriesMax: 200_000,
  durationMs: 20_000,
  slicesMax: 200,
}

/** `null`: the last 24 hours, or what is kept. By append time, half-open. */
export type DryRunRange = { readonly fromMs: EpochMs | null; readonly toMs: EpochMs | null }

export type DryRunOutcome =
  | { readonly kind: 'done'; readonly result: DryRun }
  /** Nothing is kept of what the rule looks at: the moment's numbers, full dimensions, the pipeline, the endpoints, the clocks, lost records. */
  | {
      readonly kind: 'not-kept'
      readonly what: 'moment' | 'dimension' | 'pipeline' | 'endpoint' | 'clock' | 'records'
    }

const usualMs = 24 * hourMs

/**
 * What a rule would have done, enabled or not. The rule was checked: its KPI, slice and window exist.
 * @throws DeskpulseError when the store or the log does not answer.
 */
export async function dryRun(
  deps: DryRunDeps,
  tenant: string,
  rule: AlertRule,
  range: DryRunRange,
): Promise<DryRunOutcome> {
  const {
    store,
    log,
    topic,
    partitions,
    limits = dryRunLimits,
    now = () => performance.now(),
  } = deps
  const until = now() + limits.durationMs
  const moment = await tenantMoment(store, partitionOf(tenant, partitions), tenant)
  const toMs = Math.min(range.toMs ?? Infinity, moment.logTimeMs + 1) as EpochMs
  if (rule.kind === 'windowed') {
    if (isOfTheMoment(rule, moment)) return { kind: 'not-kept', what: 'moment' }
    const fromMs = range.fromMs ?? (0 as EpochMs)
    const result = await dryRunWindowed({
      rule,
      moment,
      store,
      fromMs,
      toMs,
      slicesMax: limits.slicesMax,
      now,
      until,
    })
    return { kind: 'done', result }
  }
  if (rule.subject === 'dimension' || rule.subject === 'pipeline' || isOfInstallation(rule))
    return { kind: 'not-kept', what: rule.subject }
  const fromMs =
    range.fromMs ?? (Math.max(0, Math.min(toMs, moment.logTimeMs) - usualMs) as EpochMs)
  const result = await dryRunDeadline({
    rule,
    moment,
    log,
    topic,
    fromMs,
    toMs,
    entriesMax: limits.entriesMax,
    now,
    until,
  })
  return { kind: 'done', result }
}

function isOfTheMoment({ kpi }: WindowedRule, moment: TenantMoment): boolean {
  return catalogueOf(configNow(moment)).byId(kpi)?.span === 'now'
}
