import type { TenantHistory } from '../config/business-time.ts'
import type { ScoreCard } from '../config/score-card.ts'
import type { TenantConfig } from '../config/tenant-config.ts'
import { dateAt, type LocalTime } from '../time/local-time.ts'
import type { Period } from '../time/periods.ts'
import type { EpochMs } from '../time/time.ts'

/** The last version of each card that stands on a local date, in the order in which cards are named first. */
function versionsOn({ scoreCards }: TenantConfig, date: string): readonly ScoreCard[] {
  const standing = scoreCards.filter(({ from }) => from === null || from <= date)
  return [...Map.groupBy(standing, ({ id }) => id).values()].map((versions) =>
    versions.reduce((last, one) => ((one.from ?? '') >= (last.from ?? '') ? one : last)),
  )
}

/** Cards as they stand at an instant. */
export const cardsIn = (
  config: TenantConfig,
  atMs: EpochMs,
  localTime: LocalTime,
): readonly ScoreCard[] => versionsOn(config, dateAt(localTime, atMs))

/**
 * The version of a card by which a period is scored: of those in the configuration in force at its end (of now, where it goes on) the last one that stands when it begins. So nothing
 * that is configured later changes it. `null`: there was no such card, or none of such periods.
 */
export function cardIn(
  id: string,
  { kind, startMs, endMs }: Period,
  history: TenantHistory,
  nowMs: EpochMs,
): ScoreCard | null {
  const config = history.configAt(Math.min(endMs - 1, nowMs))
  const card = cardsIn(config, startMs, history.localTime).find((one) => one.id === id)
  return card?.period === kind ? card : null
}
