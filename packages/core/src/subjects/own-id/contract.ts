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
 * before it says nothing, as nobody knows since when there was a contract. Who goes on under another id ends this one, and is not lost. How many there are is counted for the tenant; each tells in which periods it was lost.
 */
export const contract: OwnIdKind = {
  name: 'contract',
  types: ['customer.started', 'customer.left'],
  idOf: ({ customerId }) => customerId as string,
  isLasting: true,
  steps: stepsOf,
  tell(events, nowMs, localTime) {
    const losses = lossesOf(events, localTime)
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
function turnsOf(events: readonly CanonicalEvent[]): readonly CanonicalEvent[] {
  const turns: CanonicalEvent[] = []
  for (const event of events) {
    const isUnder = turns.length % 2 === 1
    if (isUnder !== isBegin(event)) turns.push(event)
  }
  return turns
}

const isBegin = ({ type }: CanonicalEvent): boolean => type === 'customer.started'

function stepsOf(events: readonly CanonicalEvent[]): readonly ContractStep[] {
  return turnsOf(events).map((turn) => ({ atMs: turn.timeMs, by: isBegin(turn) ? 1 : -1 }))
}

function lossesOf(events: readonly CanonicalEvent[], localTime: LocalTime): ContractLossRow[] {
  const steps = stepsOf(events)
  return turnsOf(events).flatMap((turn) => {
    if (isBegin(turn) || turn.data.goesOn === true) return []
    const kept = events
      .slice(events.indexOf(turn) + 1)
      .find((event) => isBegin(event) || event.data.goesOn === true)
    return wholeDayKinds.flatMap(
      (period) => lossIn(period, turn.timeMs, steps, kept?.timeMs, localTime) ?? [],
    )
  })
}

/** Who starts anew before the period ends, or goes on under another id (`keptMs`), is kept, who was not there when it began is none of its customers. Periods of two zones do not follow one another, what else cuts a period cuts none of these. */
function lossIn(
  period: WholeDayKind,
  atMs: EpochMs,
  steps: readonly ContractStep[],
  keptMs: EpochMs | undefined,
  localTime: LocalTime,
): ContractLossRow | null {
  const { timeZone } = zonedAt(localTime, atMs)
  const startMs = startsInZone(atMs, timeZone)[period]
  const endMs = endsInZone(atMs, timeZone)[period]
  const wasUnder = steps.findLast((step) => step.atMs < startMs)?.by === 1
  if (!wasUnder || (keptMs !== undefined && keptMs < endMs)) return null
  if (startMs < contractsFromMs || !isOneZone(localTime, startMs, atMs)) return null
  return { grain: 'contract-loss', period, startMs, left: { atMs, credit: dimensionSet({}) } }
}
