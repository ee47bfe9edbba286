import type { TenantHistory, TenantConfig } from '@deskpulse/core/config'
import {
  evaluate,
  isCurrent,
  type KpiValue,
  livePlan,
  type ReadingPlan,
  wholeSlice,
} from '@deskpulse/core/kpis'
import { decodeRunning, type RunningMinutes, type SliceIndex } from '@deskpulse/core/measures'
import { runningKey } from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import type { PartitionId, StateStore } from '@deskpulse/stream'
import { type Aggregated, aggregatedReads, isSameRecord } from '../../aggregated.ts'
import { bookLimits } from '../limits.ts'
import type { WindowQuestion } from './questions.ts'

/** What is asked of one tenant. */
export type TenantQuestions = {
  readonly tenant: string
  readonly config: TenantConfig
  readonly history: TenantHistory
  readonly slices: SliceIndex
  readonly questions: readonly WindowQuestion[]
  /** The record `running:<tenant>` as it was last read. */
  readonly running: Uint8Array | null
}

/** Parallel to the questions of each tenant: their KPIs by id. `logTimeMs`: of the last read. */
export type ReadValues = {
  readonly logTimeMs: EpochMs
  readonly values: readonly (readonly ReadonlyMap<string, KpiValue>[])[]
}

/** A plan stands for a minute, and as long as the same minutes run: that this changes before two reads in a row does not happen by chance. */
const attemptsMax = 3

/**
 * The answers to all questions of a partition's tenants, in as few reads as `recordsPerReadMax` allows; each question is answered from one moment.
 * `null`: log time ran away from the plans.
 */
export async function readValues(
  store: Pick<StateStore, 'read'>,
  partition: PartitionId,
  tenants: readonly TenantQuestions[],
  fromMs: EpochMs,
): Promise<ReadValues | null> {
  let logTimeMs = fromMs
  const reads = aggregatedReads(store, partition)
  /** By tenant, as the last read had them. */
  const running = new Map(tenants.map(({ tenant, running: stored }) => [tenant, stored]))
  const flat = tenants.flatMap((tenant, place) =>
    tenant.questions.map((question) => ({ tenant, place, question })),
  )
  const values = tenants.map((): Map<string, KpiValue>[] => [])
  for (let from = 0; from < flat.length;) {
    const read = await readSome(flat.slice(from))
    if (read === null) return null
    read.forEach((answer, index) => values[flat[from + index]!.place]!.push(answer))
    from += read.length
  }
  return { logTimeMs, values }

  /** The first of these, as many as one read takes: at least one. */
  async function readSome(asked: typeof flat): Promise<Map<string, KpiValue>[] | null> {
    for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
      const plans = firstPlans(asked, logTimeMs, (tenant) =>
        decodeRunning(running.get(tenant) ?? null),
      )
      const named = [...new Set(plans.map(({ question }) => question.tenant))]
      const keys = [...plans.flatMap((plan) => plan.keys), ...named.map(runningKey)]
      const snapshot = await reads({ keys, open: plans.flatMap(({ open }) => open) })
      logTimeMs = snapshot.logTimeMs
      const isSame = takeRunning(named, snapshot.values.slice(keys.length - named.length))
      if (isSame && plans.every((plan) => isCurrent(plan, snapshot.logTimeMs)))
        return plans.map(answersIn(snapshot))
    }
    return null
  }

  /** @returns whether all of them were planned with. */
  function takeRunning(named: readonly string[], stored: readonly (Uint8Array | null)[]): boolean {
    const before = named.map((tenant) => running.get(tenant) ?? null)
    for (const [index, tenant] of named.entries()) running.set(tenant, stored[index] ?? null)
    return before.every((bytes, index) => isSameRecord(bytes, stored[index] ?? null))
  }
}

function firstPlans(
  asked: readonly { readonly tenant: TenantQuestions; readonly question: WindowQuestion }[],
  logTimeMs: EpochMs,
  runningOf: (tenant: string) => RunningMinutes,
): readonly ReadingPlan[] {
  const plans: ReadingPlan[] = []
  let records = 0
  for (const { tenant, question } of asked) {
    const { slice, text, window, kpis } = question
    const plan = livePlan(
      {
        tenant: tenant.tenant,
        slice,
        sources: wholeSlice(tenant.slices.idOf(text)),
        config: tenant.config,
        history: tenant.history,
        kpis,
        running: runningOf(tenant.tenant),
      },
      window,
      logTimeMs,
    )
    records += plan.keys.length + plan.open.length
    if (plans.length > 0 && records > bookLimits.recordsPerReadMax) break
    plans.push(plan)
  }
  return plans
}

/** Takes each plan's part of what one read gave, in the order of the plans. */
function answersIn({
  values,
  open,
  logTimeMs,
}: Aggregated): (plan: ReadingPlan) => Map<string, KpiValue> {
  let [key, list] = [0, 0]
  return (plan) => {
    const answer = {
      values: values.slice(key, (key += plan.keys.length)),
      open: open.slice(list, (list += plan.open.length)),
      asOfMs: logTimeMs,
    }
    return evaluate(plan, answer)
  }
}
