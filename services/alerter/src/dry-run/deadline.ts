import type { EpochMs } from '@deskpulse/core/time'
import { offsetAt, type Replayed, replayLog } from '@deskpulse/engine'
import type { EventLog } from '@deskpulse/stream'
import { deadlineRun, type FoldedRule } from './deadline-run.ts'
import { dryRunOf, type DryRun, type DryRunNote } from './result.ts'
import type { TenantMoment } from './tenant.ts'

export type DeadlineDryRun = {
  readonly rule: FoldedRule
  readonly moment: TenantMoment
  readonly log: Pick<EventLog, 'read'>
  readonly topic: string
  /** By log time, half-open. */
  readonly fromMs: EpochMs
  readonly toMs: EpochMs
  readonly entriesMax: number
  /** A monotonic clock in ms, and when it must be over. */
  readonly now: () => number
  readonly until: number
}

const notes = {
  all: [],
  entries: ['stopped-at-entries'],
  over: ['stopped-at-time'],
} as const satisfies Record<Replayed['end'], readonly DryRunNote[]>

/** What the rule would have done with the tenant's entries of that time, bounded: where it stopped short, a note says so and `covered` how far it came. */
export async function dryRunDeadline(options: DeadlineDryRun): Promise<DryRun> {
  const { rule, moment, log, topic, fromMs, toMs, entriesMax, now, until } = options
  const { tenant, partition, versions, offset: endOffset } = moment
  const part = { log, topic, partition, endOffset }
  const { own, replay, finish } = deadlineRun(rule, tenant, versions)
  const { entries, end } = await replayLog(
    replay,
    own,
    { part, from: await offsetAt(part, fromMs) },
    { toMs, entriesMax, isOver: () => now() >= until },
  )
  const endMs = end === 'all' ? Math.min(toMs, moment.logTimeMs) : Math.max(fromMs, replay.nowMs)
  const { alerts, leftOut } = await finish(endMs as EpochMs)
  return dryRunOf(alerts, { fromMs, toMs: endMs as EpochMs, entries }, [
    ...(leftOut > 0 ? (['begun-before'] as const) : []),
    ...notes[end],
    ...(entries === 0 ? (['nothing-read'] as const) : []),
  ])
}
