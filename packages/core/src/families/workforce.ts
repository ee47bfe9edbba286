import { ratio } from '../kpis/shapes.ts'
import type { Kpi } from '../kpis/kpi.ts'
import type { ForecastRow } from '../subjects/row.ts'
import type { EpochMs } from '../time/time.ts'
import { minuteEnd, perContact, spreadBetween } from '../workforce/forecast.ts'
import { count, family, on, onEach, type Part, type RuleOn } from './family.ts'
import { type FamilySql, rowsOf, type SqlTerm } from './sql.ts'

/** What is expected, each minute of it where that begins; of forecasts that tell it. */
const expected = (total: (row: ForecastRow) => number | null, sign: 1 | -1 = 1): RuleOn =>
  onEach('forecast', (row) => {
    const whole = total(row)
    if (whole === null) return []
    const { credit } = row.from
    const parts: Part[] = []
    for (let atMs: EpochMs = row.from.atMs; atMs < row.toMs;) {
      const nextMs = minuteEnd(row, atMs)
      parts.push({ at: { atMs, credit }, value: sign * spreadBetween(whole, row, atMs, nextMs) })
      atMs = nextMs
    }
    return parts
  })

const offered = (row: ForecastRow): number => row.offered
const work = (row: ForecastRow): number | null => row.workMs

/** What was expected in queues, and by how much more came. Contacts count in millionths, as a forecast may be a fraction. */
export const workforce = family('workforce', 14, {
  forecastOffered: count(1, expected(offered)),
  /** Passes of calls at their entry, other contacts at their opening, less what was expected. */
  workloadDifference: count(
    2,
    on('pass', { at: (row) => row.entered, value: () => perContact, scope: 'wide' }),
    on('contact', {
      at: ({ opened }) => (opened?.credit.class === 'voice' ? null : opened),
      value: () => perContact,
      scope: 'wide',
    }),
    expected(offered, -1),
  ),
  /** The handle time of what was expected. */
  forecastWork: count(3, expected(work)),
  /** That of parts at their end, less what was expected. */
  workTimeDifference: count(
    4,
    on('part', { at: (row) => row.ended, value: ({ ended }) => ended!.handleMs }),
    expected(work, -1),
  ),
  /** What was expected by forecasts that tell a handle time. */
  forecastTimedOffered: count(
    5,
    expected((row) => (row.workMs === null ? null : row.offered)),
  ),
  /** Time of the agents who are planned. */
  forecastAgentTime: count(
    6,
    expected((row) => row.agentMs),
  ),
})

const expectedSql = (column: string, more: Partial<SqlTerm> = {}): SqlTerm =>
  rowsOf('forecast', 'from', { value: column, ...more })

/** The same in SQL. */
export const workforceSql: FamilySql<keyof typeof workforce.measures> = {
  forecastOffered: [expectedSql('offeredMillionths')],
  workloadDifference: [
    rowsOf('pass', 'entered', { value: String(perContact), scope: 'wide' }),
    rowsOf('contact', 'opened', {
      where: `coalesce(openedClass, '') <> 'voice'`,
      value: String(perContact),
      scope: 'wide',
    }),
    expectedSql('-offeredMillionths'),
  ],
  forecastWork: [expectedSql('workMs', { where: 'workMs IS NOT NULL' })],
  workTimeDifference: [
    rowsOf('part', 'ended', { value: 'handleMs' }),
    expectedSql('-workMs', { where: 'workMs IS NOT NULL' }),
  ],
  forecastTimedOffered: [expectedSql('offeredMillionths', { where: 'workMs IS NOT NULL' })],
  forecastAgentTime: [expectedSql('agentMs', { where: 'agentMs IS NOT NULL' })],
}

const { forecastOffered, workloadDifference, forecastWork, workTimeDifference } = workforce.measures

/** What a forecast names. */
const dimensions = ['queue'] as const
const spread =
  'a forecast is spread evenly over its interval, and each minute of it counts when that begins, so that nothing counts ahead; the last one told of an interval counts'
const overlap =
  'Forecasts of intervals that overlap add up. Forecasts name a queue alone: in `all` every queue counts, also one without a forecast, and in slices of other dimensions there is no value (`no-source`)'

const workloadVariance = ratio('workload_variance', {
  name: { en: 'Workload variance', zh: '预算与实际工作量偏差' },
  description: {
    en: 'By how much more contacts came than were forecast, as a share of the forecast.',
    zh: '实际进线量相对预测量的偏差：（实际 − 预测）÷ 预测。',
  },
  direction: 'neutral',
  of: workloadDifference,
  per: forecastOffered,
  unit: 'index',
  dimensions,
  docs: {
    formula:
      '(passes of calls + contacts of other classes that were opened − contacts that were forecast) ÷ contacts that were forecast; numerator and denominator in millionths of a contact',
    countedAt: `the entry of a pass, the opening of another contact; ${spread}`,
    whenEmpty: '`null`, `nothing-happened`: nothing was forecast',
    note: `0: as forecast; −0.1: a tenth fewer. ${overlap}`,
  },
})

const workloadVarianceByWorkTime = ratio('workload_variance_by_work_time', {
  name: { en: 'Workload variance by work time', zh: '预算与实际工作量偏差（按工时）' },
  description: {
    en: 'By how much more handle time was spent than was forecast, as a share of the forecast.',
    zh: '实际处理工时相对预测工时的偏差：（实际 − 预测）÷ 预测。',
  },
  direction: 'neutral',
  of: workTimeDifference,
  per: forecastWork,
  unit: 'index',
  dimensions,
  docs: {
    formula:
      '(handle time of parts that ended − handle time that was forecast) ÷ handle time that was forecast, in ms: that of a forecast is `offered` × `averageHandleMs`',
    countedAt: `the part’s last end up to now; ${spread}`,
    whenEmpty: '`null`, `nothing-happened`: no forecast told a handle time',
    note: `handle time as of \`handle_time\`. Forecasts without \`averageHandleMs\` are not in it. ${overlap}`,
  },
})

export const workloadKpis: readonly Kpi[] = [workloadVariance, workloadVarianceByWorkTime]
