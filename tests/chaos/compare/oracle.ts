import type { WireEvent } from '@deskpulse/contract'
import type { TenantConfig } from '@deskpulse/core/config'
import type { KpiValue } from '@deskpulse/core/kpis'
import { type EpochMs, periodsIn } from '@deskpulse/core/time'
import { windowValues } from '../../oracle/batch/values.ts'
import { worldOf } from '../../oracle/batch/world.ts'
import { differences } from '../../oracle/support/compare.ts'
import { sliceOf } from '../../oracle/support/folded.ts'
import { canonicalOf } from '../history/final.ts'
import type { Answers, Asked } from './answers.ts'

/** What is counted plainly: a few slices are enough, as all others are compared with the clean pass. */
const plainSlices = (slices: readonly string[]): readonly string[] =>
  slices.filter((slice) => slice === 'all' || slice.startsWith('queue=')).slice(0, 6)

/** Where the answers differ from a count of what was sent, done from the whole list at once and knowing nothing of folds, stores or logs. */
export function plainDifferences(
  answers: Answers,
  asked: Asked,
  sent: readonly WireEvent[],
  config: TenantConfig,
  asOfMs: number,
): string[] {
  const world = worldOf(sent.map(canonicalOf), config, asOfMs)
  const range = {
    startMs: Date.parse(asked.from) as EpochMs,
    endMs: Date.parse(asked.to) as EpochMs,
  }
  return plainSlices(asked.slices).flatMap((slice) =>
    [...periodsIn('day', range, config.timeZone)].flatMap((period) => {
      const place = `day ${new Date(period.startMs).toISOString()} ${slice}`
      const kpis = (answers.get(place) ?? {}) as Readonly<Record<string, KpiValue>>
      return differences(
        place,
        new Map(Object.entries(kpis)),
        windowValues(world, sliceOf(slice), period, true),
      )
    }),
  )
}
