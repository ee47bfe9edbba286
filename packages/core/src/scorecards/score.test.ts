import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultBands, defaultCard, type ScoreCard, type ScoreItem } from '../config/score-card.ts'
import { defaultTenantConfig } from '../config/tenant-config.ts'
import { catalogueOf } from '../families/catalogue.ts'
import type { KpiValue } from '../kpis/value.ts'
import { onLine, pointsOf } from './points.ts'
import { scoreOf } from './score.ts'

const catalogue = catalogueOf(defaultTenantConfig)
const valued = (value: number | null, more: Partial<KpiValue> = {}): KpiValue => ({
  ...{ value, unit: 'ratio', status: 'ok', definition: 'x@1' },
  ...more,
})
const shareOf = (numerator: number, denominator: number): KpiValue =>
  valued(numerator / denominator, { numerator, denominator })
const item = (more: Partial<ScoreItem>): ScoreItem => ({
  ...{ kpi: 'csat', statistic: 'value', slice: null, weight: 100 },
  ...{ points: [[0.5, 0] as const, [1, 100] as const], few: null, whenEmpty: null },
  ...more,
})
const cardOf = (...items: readonly ScoreItem[]): ScoreCard => ({ ...defaultCard, items })

describe('points', () => {
  const line = [
    [28_000, 100],
    [60_000, 60],
    [180_000, 0],
  ] as const

  test.each([
    { rule: 'what the first point has before it', value: 26_000, points: 100 },
    { rule: 'the point itself', value: 60_000, points: 60 },
    { rule: 'a straight line between two', value: 44_000, points: 80 },
    { rule: 'on the next line, too', value: 120_000, points: 30 },
    { rule: 'what the last point has behind it', value: 999_000, points: 0 },
  ])('are $rule', ({ value, points }) => {
    expect(onLine(line, value)).toBe(points)
  })

  test('of one point are the same everywhere', () => {
    expect([-1, 5, 9].map((value) => onLine([[5, 40]], value))).toEqual([40, 40, 40])
  })

  const few = item({ few: { upTo: 50, minusEach: 1 } })
  test.each([
    { rule: 'of few less is lost for each miss', value: shareOf(47, 50), points: 97, by: 'few' },
    {
      rule: 'of more than few by the line',
      value: shareOf(47, 51),
      points: 84.31372549,
      by: 'line',
    },
    { rule: 'never less than none', value: shareOf(0, 50), points: 50, by: 'few' },
  ])('$rule', ({ value, points, by }) => {
    const made = pointsOf(few, { direction: 'higher' }, value)!
    expect(made.rule).toBe(by)
    expect(made.points).toBeCloseTo(points, 8)
  })

  test('of few where less is better: each that is counted is a miss, and no points are left below 0', () => {
    const bad = item({ few: { upTo: 50, minusEach: 30 } })
    const pointsFor = (numerator: number) =>
      pointsOf(bad, { direction: 'lower' }, shareOf(numerator, 20))!.points
    expect([0, 2, 9].map(pointsFor)).toEqual([100, 40, 0])
  })

  test('of a statistic beside the value', () => {
    const p90 = item({ statistic: 'p90', points: [...line] })
    expect(pointsOf(p90, { direction: 'lower' }, valued(1, { p90: 60_000 }))?.points).toBe(60)
    expect(pointsOf(p90, { direction: 'lower' }, valued(1))).toBeNull()
  })
})

describe('a card', () => {
  test('adds up points by weight', () => {
    const card = cardOf(
      item({ weight: 60 }),
      item({
        kpi: 'qa_score',
        weight: 40,
        points: [
          [0, 0],
          [100, 100],
        ],
      }),
    )
    const score = scoreOf(card, ({ kpi }) => valued(kpi === 'csat' ? 0.9 : 70), catalogue)
    expect(score).toMatchObject({ total: 76, missingWeight: 0, band: { id: 'good' } })
    expect(score.items.map(({ points, adds }) => [points, adds])).toEqual([
      [80, 48],
      [70, 28],
    ])
  })

  test('spreads the weight of what has no value over the others, unless the item says what that is worth', () => {
    const missing = item({ kpi: 'qa_score', weight: 40 })
    const of = (...items: readonly ScoreItem[]) =>
      scoreOf(cardOf(...items), ({ kpi }) => valued(kpi === 'csat' ? 0.9 : null), catalogue)
    const spread = of(item({ weight: 30 }), item({ weight: 30 }), missing)
    expect(spread).toMatchObject({ total: 80, missingWeight: 40 })
    expect(spread.items.map(({ adds }) => adds)).toEqual([40, 40, null])
    const counted = of(item({ weight: 60 }), { ...missing, whenEmpty: 0 })
    expect(counted).toMatchObject({ total: 48, missingWeight: 0 })
    expect(counted.items[1]).toMatchObject({ points: 0, rule: 'empty', adds: 0 })
  })

  test('without any value has no total and no band', () => {
    expect(scoreOf(cardOf(item({})), () => valued(null), catalogue)).toMatchObject({
      ...{ total: null, band: null, missingWeight: 100, weakest: null },
    })
  })

  test.each([
    [90, 'excellent'],
    [89.999, 'good'],
    [70, 'good'],
    [69.999, 'poor'],
    [0, 'poor'],
  ])('of %s is %s', (total, band) => {
    const card = cardOf(
      item({
        points: [
          [0, 0],
          [100, 100],
        ],
      }),
    )
    expect(scoreOf(card, () => valued(total), catalogue).band).toMatchObject({ id: band })
    expect(defaultBands.map(({ id }) => id)).toContain(band)
  })

  test('is in no lower band for what binary fractions leave behind', () => {
    const tenths = Array.from({ length: 10 }, () =>
      item({
        weight: 10,
        points: [
          [0, 0],
          [1, 100],
        ],
      }),
    )
    // Ten times 10 × 0.7 × 100 ÷ 100 is 69.99999999999999 in binary fractions.
    const score = scoreOf(cardOf(...tenths), () => valued(0.7), catalogue)
    expect(score).toMatchObject({ total: 70, band: { id: 'good' } })
  })

  test('names the KPI that misses its target by most, by its share of the target', () => {
    const card = cardOf(
      item({ kpi: 'csat', weight: 40 }),
      item({ kpi: 'qa_score', weight: 30 }),
      item({ kpi: 'fcr_net', weight: 30 }),
    )
    const values: Readonly<Record<string, KpiValue>> = {
      csat: valued(0.72, { target: { min: 0.9 } }), // 20 % off
      qa_score: valued(60, { target: { min: 90 } }), // a third off
      fcr_net: valued(0.9, { target: { min: 0.7 } }),
    }
    expect(scoreOf(card, ({ kpi }) => values[kpi], catalogue).weakest).toBe('qa_score')
    const met = scoreOf(card, () => valued(0.95, { target: { min: 0.9 } }), catalogue)
    expect(met.weakest).toBeNull()
  })

  test('of a KPI that there is no more goes on without it', () => {
    const card = cardOf(item({ weight: 50 }), item({ kpi: 'gone', weight: 50 }))
    const score = scoreOf(card, ({ kpi }) => (kpi === 'csat' ? valued(1) : undefined), catalogue)
    expect(score).toMatchObject({ total: 100, missingWeight: 50 })
  })
})

describe('the card of who configures none', () => {
  test('is of KPIs that there are, whose weights come to 100', () => {
    const { items, bands } = defaultCard
    expect(items.filter(({ kpi }) => catalogue.byId(kpi) === undefined)).toEqual([])
    expect(items.reduce((sum, { weight }) => sum + weight, 0)).toBe(100)
    expect(bands).toBe(defaultBands)
  })

  /** The example of docs/scorecards.md, to the cent. */
  test('gives 84.225 for what the documents work out by hand', () => {
    const values: Readonly<Record<string, KpiValue>> = {
      conversion_inquiry: valued(0.24),
      first_response_time: valued(26_000),
      fcr_net: valued(0.72),
      average_order_value: valued(186),
      csat: shareOf(93, 100),
      qa_score: valued(88.5),
      ticket_hygiene: valued(92),
      collaboration: valued(84),
      training_participation: valued(0.9),
      test_pass_rate: valued(0.8),
      attendance_rate: valued(0.98),
    }
    const score = scoreOf(defaultCard, ({ kpi }) => values[kpi], catalogue)
    expect(score.items.map(({ points }) => points)).toEqual([
      ...[80, 100, 80, 62, 86, 88.5, 92, 84, 90, 80, 90],
    ])
    expect(score).toMatchObject({ total: 84.225, band: { id: 'good' } })
  })
})

/** Any line, its points anywhere, and a card of some of them. */
const unit = fc.double({ min: 0, max: 1, noNaN: true })
const lines = fc.uniqueArray(unit, { minLength: 1, maxLength: 6 }).chain((values) =>
  fc
    .array(fc.integer({ min: 0, max: 100 }), {
      minLength: values.length,
      maxLength: values.length,
    })
    .map((all) =>
      values.sort((a, b) => a - b).map((value, place) => [value, all[place]!] as const),
    ),
)
const parts = fc.array(
  fc.record({ line: lines, weight: fc.integer({ min: 1, max: 50 }), value: fc.option(unit) }),
  { minLength: 1, maxLength: 8 },
)

test('any total lies between its lowest and its highest points, and is what its parts add', () => {
  fc.assert(
    fc.property(parts, (all) => {
      const card = cardOf(
        ...all.map(({ line, weight }, place) =>
          item({ kpi: `kpi-${place}`, weight, points: line }),
        ),
      )
      const valueOf = ({ kpi }: ScoreItem) => valued(all[Number(kpi.slice(4))]!.value)
      const score = scoreOf(card, valueOf, catalogue)
      const points = score.items.flatMap((one) => one.points ?? [])
      if (score.total === null) {
        expect(points).toEqual([])
        return
      }
      expect(score.total).toBeGreaterThanOrEqual(Math.min(...points) - 1e-9)
      expect(score.total).toBeLessThanOrEqual(Math.max(...points) + 1e-9)
      expect(score.items.reduce((sum, { adds }) => sum + (adds ?? 0), 0)).toBeCloseTo(
        score.total,
        6,
      )
      const backwards = scoreOf({ ...card, items: card.items.toReversed() }, valueOf, catalogue)
      expect(backwards.total).toBeCloseTo(score.total, 6)
    }),
  )
})

test('on a line that only rises a better value is worth no less', () => {
  fc.assert(
    fc.property(lines, unit, unit, (line, one, other) => {
      const rising = line
        .map(([, points]) => points)
        .sort((a, b) => a - b)
        .map((points, place) => [line[place]![0], points] as const)
      const [low, high] = [Math.min(one, other), Math.max(one, other)]
      expect(onLine(rising, high)).toBeGreaterThanOrEqual(onLine(rising, low) - 1e-9)
    }),
  )
})
