import { type EpochMs, evaluate, isCurrent, type KpiValue, livePlan, type ReadingPlan, type TenantConfig } from '@deskpulse/core'
import type { PartitionId, StateStore } from '@deskpulse/stream'
import type { SliceIndex } from '@deskpulse/core'
import { type Aggregated, aggregatedReads } from '../../aggregated.ts'
import { deskLimits } from '../limits.ts'
import type { WindowQuestion } from './questions.ts'

/** What is asked of one tenant. */
export type TenantQuestions = {
  readonly tenant: string
  readonly config: TenantConfig
  readonly slices: SliceIndex
  readonly questions: readonly WindowQuestion[]
}

/** Parallel to the questions of each tenant: their KPIs by id. `logTimeMs`: of the last read. */
export type ReadValues = { readonly logTimeMs: EpochMs; readonly values: readonly (readonly ReadonlyMap<string, KpiValue>[])[] }

/** A plan stands for a minute: that a read falls into the next one twice in a row does not happen by chance. */
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
  const flat = tenants.flatMap((tenant, place) => tenant.questions.map((question) => ({ tenant, place, question })))
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
      const plans = firstPlans(asked, logTimeMs)
      const query = { keys: plans.flatMap(({ keys }) => keys), open: plans.flatMap(({ open }) => open) }
      const snapshot = await reads(query)
      logTimeMs = snapshot.logTimeMs
      if (plans.every((plan) => isCurrent(plan, snapshot.logTimeMs))) return plans.map(answersIn(snapshot))
    }
    return null
  }
}

function firstPlans(
  asked: readonly { readonly tenant: TenantQuestions; readonly question: WindowQuestion }[],
  logTimeMs: EpochMs,
): readonly ReadingPlan[] {
  const plans: ReadingPlan[] = []
  let records = 0
  for (const { tenant, question } of asked) {
    const { slice, text, window, kpis } = question
    const plan = livePlan(
      { tenant: tenant.tenant, slice, sliceId: tenant.slices.idOf(text), config: tenant.config, kpis },
      window,
      logTimeMs,
    )
    records += plan.keys.length + plan.open.length
    if (plans.length > 0 && records > deskLimits.recordsPerReadMax) break
    plans.push(plan)
  }
  return plans
}

/** Takes each plan's part of what one read gave, in the order of the plans. */
function answersIn({ values, open, logTimeMs }: Aggregated): (plan: ReadingPlan) => Map<string, KpiValue> {
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
