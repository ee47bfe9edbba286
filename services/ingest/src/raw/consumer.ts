import {
  DeskpulseError,
  type BatchHandler,
  type Consumption,
  type EventLog,
  type LogBatch,
  type Offset,
  type StreamErrorCode,
} from '@deskpulse/stream'
import { type Intake, weightOf } from '../intake/intake.ts'
import type { IngestMetrics } from '../intake/metrics.ts'
import { pending, type Room } from '../intake/pending.ts'
import { rawGroup } from './ask.ts'
import type { RawBacklog } from './backlog.ts'
import type { RawGaps } from './gaps.ts'
import { takeRecord } from './record.ts'

export type RawDeps = {
  readonly log: Pick<EventLog, 'consume'>
  readonly topic: string
  readonly intake: Intake
  readonly room: Room
  readonly backlog: RawBacklog
  readonly gaps: RawGaps
  readonly metrics: IngestMetrics
  readonly sleep: (ms: number) => Promise<void>
  readonly isStopping: () => boolean
  /** Once a failure of the log, by its code. */
  readonly onRetry: (code: StreamErrorCode) => void
}

const keepAliveEvery = 500
const retryFirstMs = 250
const retryMostMs = 10_000
/** Errors that pass: the batch is tried again, and what it repeats is harmless. */
const passing: ReadonlySet<StreamErrorCode> = new Set(['LOG_UNAVAILABLE', 'LOG_BUSY', 'LOG_FULL'])

const isPassing = (error: unknown): error is DeskpulseError =>
  error instanceof DeskpulseError && passing.has(error.code)

/** The group is told that the member lives: an append to a log that is away takes longer than a session without a heartbeat lasts. */
const aliveEveryMs = 1_000

async function whileAlive<Result>(batch: LogBatch, work: () => Promise<Result>): Promise<Result> {
  const timer = setInterval(() => void batch.keepAlive(), aliveEveryMs)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}

/** Forwards a whole batch, and what is to be said of records before it. `lost`: the partition is another's now. @throws the log's error. */
async function forward(deps: RawDeps, batch: LogBatch): Promise<'forwarded' | 'lost'> {
  await deps.gaps.met(batch)
  const underWay = pending(deps.room)
  let received = 0
  let accepted = 0
  let isOurs = true
  for (const [at, record] of batch.records.entries()) {
    if (at % keepAliveEvery === keepAliveEvery - 1) isOurs = await batch.keepAlive()
    if (!isOurs || underWay.failure() !== null) break
    await deps.room.wait()
    for (const { taken, bytes } of takeRecord(deps.intake, record)) {
      underWay.add(taken.durable, weightOf(taken, bytes))
      received += 1
      if (taken.ok) accepted += 1
    }
  }
  await underWay.settled()
  deps.metrics.received('kafka', received)
  deps.metrics.accepted('kafka', accepted)
  return isOurs ? 'forwarded' : 'lost'
}

async function forwardUntilDone(deps: RawDeps, batch: LogBatch): Promise<'forwarded' | 'lost'> {
  for (let waitMs = retryFirstMs; ; waitMs = Math.min(waitMs * 2, retryMostMs)) {
    try {
      return await whileAlive(batch, () => forward(deps, batch))
    } catch (error) {
      if (!isPassing(error)) throw error
      deps.onRetry(error.code)
    }
    if (deps.isStopping()) return 'lost'
    await deps.sleep(waitMs)
    if (!(await batch.keepAlive())) return 'lost'
  }
}

/** The offset goes on only when every event of the batch is in the log, and every refused one in the dead-letter topic. */
function handler(deps: RawDeps): BatchHandler {
  return async (batch) => {
    const first = batch.records[0]!
    const last = batch.records.at(-1)!
    const goOnAt = deps.gaps.goOnAt(batch)
    if (goOnAt !== null) return goOnAt
    deps.backlog.begin(batch.partition, first.appendedAtMs)
    const outcome = await forwardUntilDone(deps, batch)
    if (outcome === 'lost') return first.offset
    const next = (last.offset + 1) as Offset
    deps.gaps.forwarded(batch.partition, next, last.appendedAtMs)
    deps.backlog.end(batch.partition, last.appendedAtMs, next >= batch.endOffset)
    deps.metrics.lag(batch.partition, batch.endOffset - next)
    return next
  }
}

/** Returns when this process is in the group: a log that is away meanwhile is waited for. */
export async function consumeRaw(deps: RawDeps): Promise<Consumption> {
  for (let waitMs = retryFirstMs; ; waitMs = Math.min(waitMs * 2, retryMostMs)) {
    try {
      await deps.gaps.look()
      return await deps.log.consume({
        topic: deps.topic,
        group: rawGroup(deps.topic),
        handle: handler(deps),
      })
    } catch (error) {
      if (!isPassing(error) || deps.isStopping()) throw error
      deps.onRetry(error.code)
    }
    await deps.sleep(waitMs)
  }
}
