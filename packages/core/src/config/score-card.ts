import type { Rater } from './tenant-config.ts'

/** Periods of which cards are made. */
export const scoredPeriods = ['week', 'month', 'quarter'] as const
export type ScoredPeriod = (typeof scoredPeriods)[number]

/** A name in both languages. */
export type CardText = { readonly en: string; readonly zh: string }

/** What of a KPI's value is scored. */
export const scoredStatistics = ['value', 'p50', 'p90', 'p95', 'p99'] as const
export type ScoredStatistic = (typeof scoredStatistics)[number]

/** So many points, 0 to 100, at a value in the unit of the KPI. */
export type PointsAt = readonly [value: number, points: number]

/** What a KPI counts in a card. */
export type ScoreItem = {
  readonly kpi: string
  readonly statistic: ScoredStatistic
  /** The part of the agent’s work that is scored, such as `queue=billing`; `null`: all of it. */
  readonly slice: string | null
  /** Of 100, which all items have together. */
  readonly weight: number
  /** By ascending value: straight lines between, and beyond both ends what the end has. */
  readonly points: readonly PointsAt[]
  /** Of a share of at most `upTo`: 100 points, less `minusEach` for each that is not as it should be. `null`: the same rule whatever it is of. */
  readonly few: { readonly upTo: number; readonly minusEach: number } | null
  /** Points where there is no value; `null`: its weight goes to the other items. */
  readonly whenEmpty: number | null
}

/** Totals from `from` on, up to the band above. */
export type ScoreBand = { readonly id: string; readonly name: CardText; readonly from: number }

/** One version of a card: a score of each agent and period, out of KPIs. */
export type ScoreCard = {
  readonly id: string
  readonly name: CardText
  readonly period: ScoredPeriod
  /** Of periods that begin on this local date or later, up to the next version of the same card; `null`: of all. */
  readonly from: string | null
  /** Of agents whose first team is one of these; `null`: of all. */
  readonly teams: readonly string[] | null
  /** Of agents of these roles; `null`: of all. */
  readonly roles: readonly string[] | null
  readonly items: readonly ScoreItem[]
  /** The highest first; the last one from 0. */
  readonly bands: readonly ScoreBand[]
  /** How much the word of each rater counts in this card; `null`: as with the tenant. */
  readonly raters: Readonly<Record<Rater, number>> | null
}

/** Bands of a card that says nothing of them. */
export const defaultBands: readonly ScoreBand[] = [
  { id: 'excellent', name: { en: 'Excellent', zh: '优秀' }, from: 90 },
  { id: 'good', name: { en: 'Good', zh: '合格' }, from: 70 },
  { id: 'poor', name: { en: 'Needs improvement', zh: '待改进' }, from: 0 },
]

type Weighed = Pick<ScoreItem, 'kpi' | 'weight' | 'points'> & Partial<ScoreItem>

const item = (weighed: Weighed): ScoreItem => ({
  ...{ statistic: 'value', slice: null, few: null, whenEmpty: null },
  ...weighed,
})

/** A share that is 100 points at its best, and none at `worst` or beyond it. */
const share = (kpi: string, weight: number, worst: number, best = 1): ScoreItem =>
  item({ kpi, weight, points: [[worst, 0] as const, [best, 100] as const] })

const points: readonly PointsAt[] = [
  [0, 0],
  [100, 100],
]

/** The card of a tenant that configures none: business, service, quality, behaviour. */
export const defaultCard: ScoreCard = {
  id: 'default',
  name: { en: 'Monthly score', zh: '月度绩效' },
  period: 'month',
  from: null,
  teams: null,
  roles: null,
  items: [
    share('conversion_inquiry', 15, 0, 0.3),
    item({
      kpi: 'first_response_time',
      weight: 10,
      points: [
        [28_000, 100],
        [60_000, 60],
        [180_000, 0],
      ],
    }),
    share('fcr_net', 15, 0.4, 0.8),
    item({
      kpi: 'average_order_value',
      weight: 10,
      points: [
        [0, 0],
        [300, 100],
      ],
    }),
    item({
      kpi: 'csat',
      weight: 10,
      points: [
        [0.5, 0],
        [1, 100],
      ],
      few: { upTo: 50, minusEach: 1 },
    }),
    item({ kpi: 'qa_score', weight: 15, points }),
    item({ kpi: 'ticket_hygiene', weight: 10, points }),
    item({ kpi: 'collaboration', weight: 5, points }),
    share('training_participation', 2.5, 0),
    share('test_pass_rate', 2.5, 0),
    share('attendance_rate', 5, 0.8),
  ],
  bands: defaultBands,
  raters: null,
}
