import { type ClockProblem, isAstray } from '@deskpulse/core/time'
import type { Logger, Metrics } from '@deskpulse/runtime'
import type { PartitionId } from '@deskpulse/stream'
import type { ClockChange } from '@deskpulse/engine'

export type ClockTelemetry = {
  clock(partition: PartitionId, change: ClockChange): void
  /** Another process tells of the partition from now on. */
  clockLost(partition: PartitionId): void
  /** A readiness check: log time goes with the clocks in every partition that is assigned. One clock that is off and not followed does no harm. @throws Error with the reason. */
  checkClock(assigned: readonly PartitionId[]): void
}

/** How the clocks in the log become metrics, log lines and readiness. */
export function clockTelemetry(metrics: Metrics, logger: Logger): ClockTelemetry {
  const problems = new Map<PartitionId, ClockProblem>()

  function show(partition: PartitionId, problem: ClockProblem | null): void {
    if (problem === null) problems.delete(partition)
    else problems.set(partition, problem)
    metrics.logClockOff.set(
      { partition: String(partition) },
      problem === null ? 0 : problem.byMs / 1_000,
    )
  }

  return {
    clock(partition, { before, after, leaptMs }) {
      show(partition, after)
      const wasJump = before !== null && isJump(before) && (after === null || !isJump(after))
      if (wasJump)
        metrics.logClockJumps.inc({
          outcome: leaptMs > 0 || after?.kind === 'ahead' ? 'followed' : 'undone',
        })
      if (leaptMs > 0)
        logger.warn({ partition, leaptMs }, 'log time has followed a jump of the clocks')
      if (after === null)
        logger.info({ partition, was: before?.kind }, 'log time goes with the clocks again')
      else logger.warn({ partition, problem: after.kind, byMs: after.byMs }, said[after.kind])
    },
    clockLost: (partition) => show(partition, null),
    checkClock(assigned) {
      for (const partition of problems.keys())
        if (!assigned.includes(partition)) show(partition, null)
      const astray = [...problems].find(([, problem]) => isAstray(problem))
      if (astray === undefined) return
      const [partition, { kind, byMs }] = astray
      throw new Error(`partition ${partition}, by ${byMs / 1_000} s: ${said[kind]}`)
    },
  }
}

const isJump = ({ kind }: ClockProblem): boolean => kind === 'jump' || kind === 'silence'

const said: Readonly<Record<ClockProblem['kind'], string>> = {
  jump: 'the clocks in the log have jumped; log time goes on by the monotonic clock, and follows when the jump has stood for 30 s',
  silence:
    'a clock not heard before is at another time than the log; log time follows when that has stood for 30 s',
  ahead:
    'a clock that log time followed was put back; log time stands until the clocks have caught up',
  append: 'the clock that stamps the append times is off, and is not followed',
  sender: "a sender's wall clock is off, and is not followed",
}
