import type { CanonicalEvent } from '../../events/event.ts'
import { contractsFromMs, type ContractStep } from '../../folds/customer/contract-counts.ts'
import { dimensionSet } from '../../measures/dimension-set.ts'
import { isOneZone, type LocalTime, zonedAt } from '../../time/local-time.ts'
import { endsInZone, startsInZone } from '../../time/period-starts.ts'
import { type WholeDayKind, wholeDayKinds } from '../../time/periods.ts'
import type { EpochMs } from '../../time/time.ts'
import type { ContractLossRow } from '../row.ts'
import type { OwnIdKind } from './own-id.ts'

/**
 * The contract of a customer, its id the customer's: it begins at the first `customer.started`, ends at the first `customer.left` after that, and may begin anew. A leaving without a begin
 * before it says nothing, as nobody knows since when there was a contract. How many there are is counted for the tenant; each tells in which periods it was lost.
 */
export const contract: OwnIdKind = {
  name: 'contract',
  types: ['customer.started', 'customer.left'],
  idOf: ({ customerId }) => customerId as string,
  isLasting: true,
  steps: stepsOf,
  tell(events, nowMs, localTime) {
    const losses = lossesOf(stepsOf(events), localTime)
    // Nothing is counted of a period that log time has not come to.
    const ahead = losses.filter(({ startMs }) => startMs > nowMs)
    return {
      rows: losses.filter(({ startMs }) => startMs <= nowMs),
      ...(ahead.length > 0 && {
        aheadMs: Math.min(...ahead.map(({ startMs }) => startMs)) as EpochMs,
      }),
    }
  },
}

/** Begins and ends in turn. */
function stepsOf(events: readonly CanonicalEvent[]): readonly ContractStep[] {
  const steps: ContractStep[] = []
  for (const { type, timeMs: atMs } of events) {
    const isUnder = steps.length % 2 === 1
    if (isUnder !== (type === 'customer.started')) steps.push({ atMs, by: isUnder ? -1 : 1 })
  }
  return steps
}

function lossesOf(steps: readonly ContractStep[], localTime: LocalTime): ContractLossRow[] {
  return steps.flatMap(({ atMs, by }, place) =>
    by === 1
      ? []
      : wholeDayKinds.flatMap(
          (period) => lossIn(period, atMs, steps, steps[place + 1], localTime) ?? [],
        ),
  )
}

/** Who starts anew before the period ends is kept, who was not there when it began is none of its customers. Periods of two zones do not follow one another, what else cuts a period cuts none of these. */
function lossIn(
  period: WholeDayKind,
  atMs: EpochMs,
  steps: readonly ContractStep[],
  anew: ContractStep | undefined,
  localTime: LocalTime,
): ContractLossRow | null {
  const { timeZone } = zonedAt(localTime, atMs)
  const startMs = startsInZone(atMs, timeZone)[period]
  const endMs = endsInZone(atMs, timeZone)[period]
  const wasUnder = steps.findLast((step) => step.atMs < startMs)?.by === 1
  if (!wasUnder || (anew !== undefined && anew.atMs < endMs)) return null
  if (startMs < contractsFromMs || !isOneZone(localTime, startMs, atMs)) return null
  return { grain: 'contract-loss', period, startMs, left: { atMs, credit: dimensionSet({}) } }
}
