import type { EpochMs } from '@deskpulse/core/time'
import type { LedgerReads } from '../../partition/ledger.ts'
import type { DeliveryTelemetry } from '../context.ts'
import { Draft } from '../draft.ts'
import { type DeliveryLimits, deliveryLimits } from '../limits.ts'

const nothing = (): void => {}
const telemetry: DeliveryTelemetry = {
  ...{ attempted: nothing, overflowed: nothing, notRenewed: nothing },
  ...{ disabled: nothing, enabled: nothing, broken: nothing },
}

/** A decision where nothing is stored. */
export function draftAt(nowMs: EpochMs, limits: Partial<DeliveryLimits> = {}): Draft {
  const nothingStored: LedgerReads = {
    nowMs,
    values: async (keys) => keys.map(() => null),
    list: async () => ({ count: 0, first: [] }),
  }
  return new Draft(nothingStored, nowMs, {
    ...{ telemetry, random: () => 0, topics: { alerts: 'alerts' } },
    limits: { ...deliveryLimits, ...limits },
  })
}
