import type { ActivityClass } from '../../folds/agent/activity.ts'
import type { DimensionSet } from '../../measures/dimension-set.ts'
import type { EpochMs } from '../../time/time.ts'
import type { Moment } from './moment.ts'

/** A stretch of an agent's time in a shift or around one, [fromMs, toMs), within one quarter-hour, in which nothing of what follows changes. */
export type ShiftTimeRow<Credit = DimensionSet> = {
  readonly grain: 'shift-time'
  /** `null`: around a shift, where the agent is productive. */
  readonly scheduled: ActivityClass | null
  readonly actual: ActivityClass
  readonly fromMs: EpochMs
  readonly toMs: EpochMs
  readonly credit: Credit
}

/** A shift that is over, of an agent of whom a state was told before its end. */
export type ShiftRow<Credit = DimensionSet> = {
  readonly grain: 'shift'
  readonly shiftId: string
  readonly startMs: EpochMs
  readonly ended: Moment<Credit>
  /** How much of it the agent was signed in. */
  readonly signedInMs: number
  /** That is at least half of it. */
  readonly isAttended: boolean
}

/** What was told by hand of an agent's local date. */
export type AttendanceRow<Credit = DimensionSet> = {
  readonly grain: 'attendance'
  readonly begun: Moment<Credit>
  readonly isScheduled: boolean
  readonly isAttended: boolean
  readonly violations: number
}
