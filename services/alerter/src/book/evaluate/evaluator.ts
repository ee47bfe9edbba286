import type { AlertRule } from '@deskpulse/core/alerts'
import { type EpochMs, jumpStandsMs } from '@deskpulse/core/time'
import { PartitionLost, storeIsAway, type Timer } from '@deskpulse/stream'
import type { Ledger } from '../../partition/ledger.ts'
import { evaluateEveryMs } from '../limits.ts'
import type { BookTelemetry } from '../telemetry.ts'
import { decideLook } from './decide-look.ts'
import type { Looking, PartitionLook } from './look.ts'

export type EvaluatorDeps = {
  readonly look: Looking
  /** What stands for a look before the first one. */
  readonly unseen: PartitionLook
  /** The topic of alerts. */
  readonly topic: string
  readonly timer: Timer
  readonly nowMs: () => number
  readonly telemetry: BookTelemetry
  /** Other rules are in force than at the look before. */
  readonly onRules: (tenant: string, atMs: EpochMs) => void
  readonly fail: (error: unknown) => void
}

/** Evaluates the rules that no fold decides, of a partition's tenants: windowed rules, and whether the pipeline stands still. */
export type Evaluator = {
  begin(ledger: Ledger): void
  /** When log time was last evaluated, by the wall clock; before the first time, when it began. */
  evaluatedAtMs(): number
  /** Ends after the look under way. */
  stop(): Promise<void>
}

const isJudging = ({ clock }: PartitionLook): boolean =>
  clock?.kind === 'jump' || clock?.kind === 'silence'

export function evaluator(deps: EvaluatorDeps): Evaluator {
  const { look, timer, nowMs, telemetry, onRules, fail } = deps
  const rulesOf = new Map<string, readonly AlertRule[]>()
  const startedMs = nowMs() as EpochMs
  /** What was seen last: while the store is away, the pipeline is judged by it. */
  let seen = deps.unseen
  let lastMs: EpochMs | null = null
  /** Since the last look that found something, one did not: alerts may have been decided by rules that were not those of the log. */
  let wasAway = false
  let evaluatedAtMs: number = startedMs
  /** Since when a jump of the clocks is judged. */
  let judgedSinceMs: number | null = null
  let callOff = (): void => {}
  let running: Promise<void> | null = null
  let isStopping = false

  function arm(ledger: Ledger): void {
    if (isStopping) return
    const armedMs = nowMs()
    callOff = timer.after(evaluateEveryMs, () => {
      running = evaluate(ledger, armedMs)
        .catch((error: unknown) => {
          if (error instanceof PartitionLost) isStopping = true
          else fail(error)
        })
        .finally(() => arm(ledger))
    })
  }

  async function evaluate(ledger: Ledger, armedMs: number): Promise<void> {
    const found = await look(lastMs, nowMs() as EpochMs).catch((error: unknown) => {
      if (!storeIsAway(error)) throw error
      telemetry.unreadable(error)
      return null
    })
    if (found !== null) seen = found
    // A wall clock that leaps before a look (a machine slept, or is set) is ahead of a log that is about to say so.
    const hasLeapt = nowMs() - armedMs > 2 * evaluateEveryMs
    judgedSinceMs = isJudging(seen) ? (judgedSinceMs ?? nowMs()) : null
    const isJudged =
      hasLeapt || (judgedSinceMs !== null && nowMs() - judgedSinceMs < 2 * jumpStandsMs)
    const frame = { topic: deps.topic, startedMs, isReadable: found !== null, isJudged }
    const atMs = await ledger.change((reads) => decideLook(reads, seen, frame))
    if (found === null) {
      wasAway = true
      return
    }
    for (const { tenant, context, cut, asks } of found.tenants) {
      const areNew = rulesOf.has(tenant) && rulesOf.get(tenant) !== context.rules
      if (areNew || wasAway) onRules(tenant, atMs)
      rulesOf.set(tenant, context.rules)
      if (found.logTimeMs === null) continue
      telemetry.evaluated(asks.length)
      for (const { rule, slices } of cut) telemetry.cut(tenant, rule, slices)
    }
    wasAway = false
    if (found.logTimeMs === null) return
    lastMs = found.logTimeMs
    evaluatedAtMs = nowMs()
  }

  return {
    begin: arm,
    evaluatedAtMs: () => evaluatedAtMs,
    async stop() {
      isStopping = true
      callOff()
      await running
    },
  }
}
