import type { ClosedKind } from '../time/periods.ts'
import type { EpochMs, Interval } from '../time/time.ts'
import type { ClosedCause } from './closed-record.ts'

/** What was issued of one closed period at one instant. `label`: its name in the tenant's zone, such as `2026-03-01`. */
export type IssuedPeriod = Interval & {
  readonly kind: ClosedKind
  readonly label: string
  readonly cause: ClosedCause
  /** How many: one a slice. */
  readonly rows: number
  /** The highest of theirs. */
  readonly revision: number
}

/** What was issued of a tenant's closed periods at one instant of log time: at least one, each once. */
export type IssuedPeriods = {
  readonly tenant: string
  readonly closedAtMs: EpochMs
  readonly periods: readonly IssuedPeriod[]
}
