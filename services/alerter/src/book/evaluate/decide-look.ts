import type { AlertTransition } from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'
import type { OutboxEntry, Put } from '@deskpulse/stream'
import type { Decided, LedgerReads } from '../../partition/ledger.ts'
import { isPipelineRule } from '../context.ts'
import { entryOf } from '../entry.ts'
import { clockKey, windowsKey } from '../keys.ts'
import { decideClock, decodeClock, encodeClock, newClockState } from './clock.ts'
import { decideWindows } from './decide-windows.ts'
import type { PartitionLook, TenantLook } from './look.ts'
import { decidePipeline } from './pipeline.ts'
import { decodeWindows, encodeWindows, newWindows, type WindowsState } from './windows-state.ts'

export type LookFrame = {
  /** The topic of alerts. */
  readonly topic: string
  /** From when on the pipeline is watched: where nothing was ever folded it stands still since then. */
  readonly startedMs: EpochMs
  /** `false`: the look is an old one, because the store is away. */
  readonly isReadable: boolean
  /** Log time is behind because a clock has jumped just now, or the jump is judged, which is soon over: no sign of a pipeline that stands still. */
  readonly isJudged: boolean
}

/** What one look at a partition's tenants changes: their windows and pipeline, and the transitions that this makes. @returns when it was decided. */
export async function decideLook(
  reads: LedgerReads,
  look: PartitionLook,
  frame: LookFrame,
): Promise<Decided<EpochMs>> {
  const { nowMs } = reads
  const stored = await reads.values(look.tenants.map(({ tenant }) => windowsKey(tenant)))
  const puts: Put[] = []
  const out: OutboxEntry[] = []
  look.tenants.forEach((one, index) => {
    const bytes = stored[index] ?? null
    const before = bytes === null ? newWindows(nowMs) : decodeWindows(bytes)
    const { state, transitions } = decideTenant(before, one, look, frame, nowMs)
    const encoded = encodeWindows(state)
    if (bytes === null || Buffer.compare(bytes, encoded) !== 0)
      puts.push({ key: windowsKey(one.tenant), bytes: encoded })
    out.push(...transitions.map((transition) => entryOf(transition, frame.topic)))
  })
  if (look.installation !== null && frame.isReadable) {
    const { rule, problem } = look.installation
    const [bytes] = await reads.values([clockKey])
    const { state, transitions } = decideClock(
      bytes ? decodeClock(bytes) : newClockState(nowMs),
      rule,
      problem,
      nowMs,
    )
    const encoded = encodeClock(state)
    if (!bytes || Buffer.compare(bytes, encoded) !== 0) puts.push({ key: clockKey, bytes: encoded })
    out.push(...transitions.map((transition) => entryOf(transition, frame.topic)))
  }
  return { change: { puts, lists: [], out }, result: nowMs }
}

type Decision = { readonly state: WindowsState; readonly transitions: readonly AlertTransition[] }

function decideTenant(
  before: WindowsState,
  { tenant, context, asks, values }: TenantLook,
  { logTimeMs, knownUpToMs }: PartitionLook,
  { isReadable, startedMs, isJudged }: LookFrame,
  nowMs: EpochMs,
): Decision {
  const { timeZone } = context.config
  const windows =
    logTimeMs === null || !isReadable
      ? { state: before, transitions: [] }
      : decideWindows(before, { tenant, timeZone, asks, values, nowMs: logTimeMs })
  const seen = {
    tenant,
    timeZone,
    knownUpToMs: knownUpToMs ?? startedMs,
    isReadable,
    isJudged,
    nowMs,
  }
  const pipeline = decidePipeline(before.pipeline, context.rules.find(isPipelineRule) ?? null, seen)
  return {
    state: { ...windows.state, pipeline: pipeline.state },
    transitions: [...windows.transitions, ...pipeline.transitions],
  }
}
