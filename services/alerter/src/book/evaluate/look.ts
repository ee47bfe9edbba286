import { decodeClockProblem } from '@deskpulse/contract'
import { type ClockRule, installationTenant, lateAfterMs } from '@deskpulse/core/alerts'
import type { KpiValue } from '@deskpulse/core/kpis'
import { sliceIndex } from '@deskpulse/core/measures'
import { logClockKey, runningKey, slicesKey, tenantsKey } from '@deskpulse/core/state'
import { type ClockProblem, clockProblems, type EpochMs } from '@deskpulse/core/time'
import type { PartitionId, StateStore } from '@deskpulse/stream'
import { type Contexts, isClockRule, knownUpTo, type TenantContext } from '../context.ts'
import { decodedOnce } from '../decoded-once.ts'
import { namesIn } from '../work.ts'
import { type WindowQuestions, windowQuestions } from './questions.ts'
import { readValues } from './read-values.ts'

/** A tenant at one look: its rules, what they ask, and what they saw. */
export type TenantLook = WindowQuestions & {
  readonly tenant: string
  readonly context: TenantContext
  readonly values: readonly ReadonlyMap<string, KpiValue>[]
}

export type PartitionLook = {
  readonly tenants: readonly TenantLook[]
  /** `null`: nothing to evaluate, because log time stands where it stood, is more than `lateAfterMs` behind, or runs away. */
  readonly logTimeMs: EpochMs | null
  /** `null`: nothing was ever folded here. */
  readonly knownUpToMs: EpochMs | null
  /** What is wrong with the clocks in this partition's log. */
  readonly clock: ClockProblem | null
  /** Where the installation's alerts are kept: its rule, and the gravest problem of all partitions. */
  readonly installation: {
    readonly rule: ClockRule | null
    readonly problem: ClockProblem | null
  } | null
}

export type LookingOptions = {
  /** The aggregator's. */
  readonly store: Pick<StateStore, 'read'>
  readonly partition: PartitionId
  readonly contexts: Contexts
  /** Tenants of the partition that the file names. */
  readonly named: readonly string[]
  /** Of the log, where this is the partition of the installation's alerts; elsewhere none. */
  readonly watchedPartitions: readonly PartitionId[]
}

/** Looks at the tenants of a partition. `lastMs`: log time of the last evaluation. @throws DeskpulseError STORE_UNAVAILABLE */
export type Looking = (lastMs: EpochMs | null, nowMs: EpochMs) => Promise<PartitionLook>

export function looking({
  store,
  partition,
  contexts,
  named,
  watchedPartitions,
}: LookingOptions): Looking {
  const indexOf = decodedOnce((bytes) => sliceIndex(bytes))
  const noSlices = sliceIndex(null)

  const clockOf = async (of: PartitionId): Promise<ClockProblem | null> => {
    const [bytes] = (await store.read(of, { keys: [logClockKey] })).values
    return bytes ? decodeClockProblem(bytes) : null
  }

  return async (lastMs, nowMs) => {
    const { values: known, ...position } = await store.read(partition, {
      keys: [tenantsKey, logClockKey],
    })
    const names = [...new Set([...named, ...namesIn(known[0])])].toSorted()
    const problems = await Promise.all(watchedPartitions.map(clockOf))
    const context = await contexts.read(names, nowMs)
    const tables = await store.read(partition, {
      keys: [...names.map(slicesKey), ...names.map(runningKey)],
    })
    const tenants = names.map((tenant, index) => {
      const table = tables.values[index]
      const slices = table ? indexOf(tenant, table) : noSlices
      const { rules, catalogue, config, history } = context.get(tenant)!
      const running = tables.values[names.length + index] ?? null
      return {
        tenant,
        config,
        history,
        slices,
        running,
        context: context.get(tenant)!,
        ...windowQuestions(rules, slices, catalogue),
      }
    })
    const knownUpToMs = position.logTimeMs > 0 ? knownUpTo(position) : null
    const isNews = position.logTimeMs > (lastMs ?? 0) && nowMs - position.logTimeMs <= lateAfterMs
    const read = isNews ? await readValues(store, partition, tenants, tables.logTimeMs) : null
    return {
      tenants: tenants.map((tenant, index) => ({ ...tenant, values: read?.values[index] ?? [] })),
      logTimeMs: read?.logTimeMs ?? null,
      knownUpToMs,
      clock: known[1] ? decodeClockProblem(known[1]) : null,
      installation:
        watchedPartitions.length === 0
          ? null
          : { rule: clockRuleOf(contexts), problem: gravestOf(problems) },
    }
  }
}

/** The installation's rules are those of the file. */
const clockRuleOf = (contexts: Contexts): ClockRule | null =>
  contexts.unread(installationTenant).rules.find(isClockRule) ?? null

function gravestOf(problems: readonly (ClockProblem | null)[]): ClockProblem | null {
  const found = problems.filter((problem) => problem !== null)
  const gravity = ({ kind }: ClockProblem): number => clockProblems.indexOf(kind)
  return (
    found.toSorted((a, b) => gravity(a) - gravity(b) || Math.abs(b.byMs) - Math.abs(a.byMs))[0] ??
    null
  )
}

/** Before the first look: what the file alone says. */
export function unseenLook(named: readonly string[], contexts: Contexts): PartitionLook {
  const tenants = named.map((tenant) => ({
    tenant,
    context: contexts.unread(tenant),
    asks: [],
    questions: [],
    cut: [],
    values: [],
  }))
  return { tenants, logTimeMs: null, knownUpToMs: null, clock: null, installation: null }
}
