import { problemOf } from '@deskpulse/contract'
import type { ScoreCard, ScoredPeriod } from '@deskpulse/core/config'
import { cardIn, cardsIn } from '@deskpulse/core/scorecards'
import {
  type EpochMs,
  parseBoundary,
  parseLabel,
  type Period,
  periodAt,
} from '@deskpulse/core/time'
import { granted, type Outcome, refused, type TenantBasis } from '../reading/tenant.ts'

export type ScoresRequest = {
  readonly card: string
  /** The label of a period, or a date in it. */
  readonly period: string
  /** One agent alone. */
  readonly agent?: string
}

/** A card, and a period that it scores. */
export type ScoresAsked = { readonly card: ScoreCard; readonly period: Period }

const isScoredPeriod = (kind: string | null): kind is ScoredPeriod =>
  kind === 'week' || kind === 'month' || kind === 'quarter'

export function scoresAskedOf(
  { card: id, period: label }: ScoresRequest,
  { history, logTimeMs }: TenantBasis,
): Outcome<ScoresAsked> {
  const labelled = parseLabel(label)
  const startMs = labelled === null ? null : parseBoundary(labelled.date, history.localTime)
  if (startMs === null)
    return refused(
      problemOf('unknown-scorecard', 'there is no such period', [
        { path: 'period', expected: 'the label of a period, or a date in it', got: label },
      ]),
    )
  const periodOf = (kind: ScoredPeriod): Period => periodAt(kind, startMs, history.localTime)
  const named = labelled?.kind ?? null
  const kinds: readonly ScoredPeriod[] = isScoredPeriod(named)
    ? [named]
    : ['month', 'week', 'quarter']
  for (const kind of kinds) {
    const period = periodOf(kind)
    const card = cardIn(id, period, history, logTimeMs)
    if (card !== null) return granted({ card, period })
  }
  return noSuchCard(id, startMs, history, logTimeMs)
}

function noSuchCard(
  id: string,
  atMs: EpochMs,
  { configAt, localTime }: TenantBasis['history'],
  nowMs: EpochMs,
): Outcome<never> {
  const known = cardsIn(configAt(Math.min(atMs, nowMs)), atMs, localTime)
  const names = known.map((card) => `${card.id} (${card.period})`)
  const error = {
    path: 'card',
    expected: names.length === 0 ? 'there was none in that period' : names.join(' | '),
    got: id,
  }
  return refused(problemOf('unknown-scorecard', `no card ${id} scores that period`, [error]))
}
