import type { DimensionSet } from '../../measures/dimension-set.ts'
import type { WholeDayKind } from '../../time/periods.ts'
import type { EpochMs } from '../../time/time.ts'
import type { Moment } from './moment.ts'

/** How many customers were under contract at the begin of a period, before anything that happened at that very instant. */
export type ContractCountRow<Credit = DimensionSet> = {
  readonly grain: 'contract-count'
  readonly period: WholeDayKind
  /** The begin of the period. */
  readonly begun: Moment<Credit>
  readonly customers: number
}

/** A customer who was under contract at the begin of a period, left in it, and is not under contract at its end. */
export type ContractLossRow<Credit = DimensionSet> = {
  readonly grain: 'contract-loss'
  readonly period: WholeDayKind
  readonly startMs: EpochMs
  /** The last leaving in the period. */
  readonly left: Moment<Credit>
}
