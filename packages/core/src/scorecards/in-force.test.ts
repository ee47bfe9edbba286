import { describe, expect, test } from 'vitest'
import { historyOf } from '../config/business-time.ts'
import { defaultCard, type ScoreCard } from '../config/score-card.ts'
import { defaultTenantConfig, type TenantConfig } from '../config/tenant-config.ts'
import { beginningOfTimeMs } from '../config/versions.ts'
import { type Period, periodAt, periodsIn } from '../time/periods.ts'
import type { EpochMs } from '../time/time.ts'
import { cardIn, cardsIn } from './in-force.ts'

const at = (text: string): EpochMs => Date.parse(text) as EpochMs
const month = (date: string): Period => periodAt('month', at(date), 'UTC')
const now = at('2026-06-15')
const card = (id: string, from: string | null, more: Partial<ScoreCard> = {}): ScoreCard => ({
  ...{ ...defaultCard, id, from },
  ...more,
})
const configOf = (...scoreCards: readonly ScoreCard[]): TenantConfig => ({
  ...defaultTenantConfig,
  scoreCards,
})
const versions = (...configs: readonly (readonly [string, TenantConfig])[]) =>
  historyOf(
    configs.map(([from, config], place) => {
      const fromMs = place === 0 ? beginningOfTimeMs : at(from)
      return { id: String(place), takenMs: fromMs, fromMs, config }
    }),
  )

describe('the card of a period', () => {
  const two = configOf(card('a', null), card('a', '2026-03-01', { roles: ['lead'] }))

  test.each([
    ['2026-02-10', null],
    ['2026-03-10', ['lead']],
    ['2026-05-10', ['lead']],
  ])('is the last version that stands when it begins: %s', (date, roles) => {
    expect(cardIn('a', month(date), versions(['', two]), now)?.roles).toEqual(roles)
  })

  test('is not that of a version from within it on', () => {
    const within = configOf(card('a', '2026-03-02'))
    expect(cardIn('a', month('2026-03-10'), versions(['', within]), now)).toBeNull()
    expect(cardIn('a', month('2026-04-10'), versions(['', within]), now)).not.toBeNull()
  })

  test('stays what it was, whatever is configured later', () => {
    const later = configOf(card('a', null, { teams: ['x'] }))
    const history = versions(['', configOf(card('a', null))], ['2026-04-20', later])
    const teams = ['2026-03-10', '2026-04-10', '2026-06-10'].map(
      (date) => cardIn('a', month(date), history, now)?.teams,
    )
    expect(teams).toEqual([null, ['x'], ['x']])
  })

  test('is none of another kind of periods', () => {
    const history = versions(['', configOf(card('a', null, { period: 'quarter' }))])
    expect(cardIn('a', month('2026-03-10'), history, now)).toBeNull()
    expect(cardIn('a', periodAt('quarter', at('2026-03-10'), 'UTC'), history, now)).not.toBeNull()
  })
})

test('another card cuts no period: no value depends on it', () => {
  const { localTime } = versions(
    ['', configOf(card('a', null))],
    ['2026-04-20', configOf(card('b', null))],
  )
  const range = { startMs: at('2026-04-01'), endMs: at('2026-05-01') }
  expect([...periodsIn('month', range, localTime)].map(({ label }) => label)).toEqual(['2026-04'])
})

test('cards as they stand: each once, in the order of their names’ first places', () => {
  const config = configOf(card('b', null), card('a', null), card('b', '2026-05-01'))
  const standing = (date: string) =>
    cardsIn(config, at(date), 'UTC').map(({ id, from }) => [id, from])
  expect(standing('2026-04-01')).toEqual([
    ['b', null],
    ['a', null],
  ])
  expect(standing('2026-05-01')).toEqual([
    ['b', '2026-05-01'],
    ['a', null],
  ])
})
