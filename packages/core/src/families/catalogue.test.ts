import { describe, expect, test } from 'vitest'
import { defaultTenantConfig } from '../config/tenant-config.ts'
import { emptyDuration } from '../measures/merged.ts'
import { catalogueOf, families, measures } from './catalogue.ts'
import { dayMs, type EpochMs } from '../time/time.ts'
import { type Kpi, openMembersMax, type Reading } from '../kpis/kpi.ts'
import { describeKpi, kpiValue } from '../kpis/value.ts'

const { kpis } = catalogueOf()
const familyNamed = (name: string) => families.find((family) => family.name === name)!

const two = { count: 2, sum: 4, bins: { bins: [2], counts: [2], total: 2 } }

/** Of a moment at which everything happened twice. */
const busy: Reading = {
  count: () => 2,
  duration: () => two,
  money: () => new Map([['CNY', 2]]),
  ages: () => two,
  isOneSlice: true,
  period: 'day',
  whole: 'day',
  window: { startMs: -dayMs as EpochMs, endMs: 0 as EpochMs },
  lastBefore: () => 0 as EpochMs,
  open: () => ({ count: 2, oldest: [{ member: 'm', sinceMs: 0 as EpochMs }] }),
  ...{ slice: [], config: defaultTenantConfig, inForce: defaultTenantConfig, asOfMs: 0 as EpochMs },
}

/** The same of an agent, of whom the others were read. */
const busyAgent: Reading = {
  ...busy,
  slice: [{ dimension: 'agent', value: 'a-1' }],
  salesIndexes: new Map([['a-1', { value: 2, agents: 2 }]]),
}

/** Of a moment up to which nothing happened. */
const silent: Reading = {
  ...busy,
  count: () => 0,
  money: () => new Map(),
  duration: () => emptyDuration,
  ages: () => emptyDuration,
  period: 'day',
  lastBefore: () => null,
  open: () => ({ count: 0, oldest: [] }),
}

describe('catalogue', () => {
  test.each(kpis)(
    '$id in silence is none, with the reason, or 0, and beside it are counts alone',
    ({ find }) => {
      const { value, reason, breakdown = {}, ...beside } = find(silent)
      if (value === null) expect(reason).toBeTruthy()
      else expect([value, reason]).toEqual([0, undefined])
      for (const number of [...Object.values(beside), ...Object.values(breakdown)])
        expect([0, undefined]).toContain(number)
    },
  )

  /** Assessments and costs name their period, always: none of them counts by itself. */
  const naming = new Set(['assessments', 'costs'].map((name) => familyNamed(name).number))
  const sliding: Reading = {
    ...busyAgent,
    ...{ period: null, whole: null },
    count: ({ family }) => (naming.has(family) ? 0 : 2),
    money: ({ family }) => new Map(naming.has(family) ? [] : [['CNY', 2]]),
  }

  test.each(kpis.filter(({ span }) => span === 'window'))(
    '$id has a value in a sliding window, unless it is of whole periods',
    ({ find, isOfWholePeriods }) => {
      expect(find(sliding).value === null).toBe(isOfWholePeriods)
    },
  )

  test.each(kpis)(
    '$id names all numbers that its value may have',
    ({ find, numbers, isComparison }) => {
      const { breakdown = {}, ...found } = find(isComparison ? busyAgent : busy)
      const plain = Object.entries(found).flatMap(([name, one]) =>
        typeof one === 'number' ? [name] : [],
      )
      expect(new Set(numbers)).toEqual(
        new Set([...plain, ...Object.keys(breakdown).map((part) => `breakdown.${part}`)]),
      )
      expect(numbers[0]).toBe('value')
    },
  )

  test('those that a clock runs in, from what a customer asked for to what it got, say so', () => {
    const clocked = kpis.filter((kpi) => kpi.clocked).map(({ id }) => id)
    expect(clocked.toSorted()).toEqual([
      ...['after_hours_answered_within_target_of_due', 'after_hours_first_response_time'],
      'after_hours_response_time',
      ...['answered_within_180s_of_due', 'answered_within_30s_of_due'],
      ...['answered_within_target_of_answered', 'answered_within_target_of_due'],
      ...['backlog_age', 'complaint_handle_time', 'first_answered_within_target_of_due'],
      ...['first_response_agent_part', 'first_response_queue_part', 'first_response_time'],
      'refund_handling_time',
      ...['resolution_time_from_request', 'resolution_time_from_request_active'],
      ...['resolution_time_from_start', 'resolution_time_from_start_active'],
      ...['resolution_time_to_last', 'resolution_time_to_last_active'],
      ...['response_time', 'response_time_capped', 'time_to_restore', 'time_to_start'],
    ])
  })

  test('who waits longest is a member of a list, slots are those of agents, and who missed the most may be any; all others read how many there are, and no member', () => {
    const readers = kpis.flatMap(({ id, open }) => {
      const read = open.map(({ members }) => members).filter((members) => members > 0)
      return read.length > 0 ? [[id, read]] : []
    })
    expect(readers).toEqual([
      ['longest_wait', [1, 1]],
      ['longest_queue_wait', [1]],
      ['missed_in_a_row', [openMembersMax]],
      ['active_slots', [openMembersMax]],
      ['available_slots', [openMembersMax, openMembersMax]],
    ])
  })

  test('an id is used once', () => {
    expect(new Set(kpis.map((kpi) => kpi.id)).size).toBe(kpis.length)
  })

  test('every threshold of a tenant has a KPI, in order, each once; another tenant’s has none', () => {
    const tenant = catalogueOf({ ...defaultTenantConfig, thresholdsSeconds: [60, 20, 60] })
    const thresholds = tenant.kpis
      .map((kpi) => kpi.id)
      .filter((id) => /^answered_within_\d+s_of_due$/.test(id))
    expect(thresholds).toEqual(['answered_within_20s_of_due', 'answered_within_60s_of_due'])
    expect(tenant.byId('answered_within_30s_of_due')).toBeUndefined()
  })

  test('a threshold of whole minutes is named in minutes in Chinese', () => {
    expect(catalogueOf().byId('answered_within_30s_of_due')?.name.zh).toBe('30 秒应答率')
    expect(catalogueOf().byId('answered_within_180s_of_due')?.name.zh).toBe('3 分钟应答率')
  })

  test('a description is in the language asked for', () => {
    expect(describeKpi(kpis[0] as Kpi, 'zh')).toMatchObject({
      id: 'first_response_time',
      name: '首次响应时间',
      target: { max: 28_000 },
    })
    expect(describeKpi(kpis[0] as Kpi, 'en')).toMatchObject({
      name: 'First response time',
      unit: 'ms',
      direction: 'lower',
      version: 1,
    })
  })

  test('one without a target says so', () => {
    const without = kpis.filter(
      ({ targets }) => targets.any === undefined && targets.live === undefined,
    )
    expect(without.length).toBeGreaterThan(0)
    for (const kpi of without) expect(describeKpi(kpi, 'en').target).toBeNull()
  })
})

describe('what a KPI reads is what it declares', () => {
  const kpi = kpis[0] as Kpi

  test.each<[string, (reading: Reading) => unknown]>([
    ['the measure replyDue', (reading) => reading.count(measures.replyDue)],
    ['the measure replyTime', (reading) => reading.duration(measures.replyTime)],
    ['the measure fcrDue', (reading) => reading.lastBefore(measures.fcrDue)],
    ['open backlog', (reading) => reading.open('backlog')],
  ])('%s throws where it is not declared', (what, read) => {
    const other = { ...kpi, find: (reading: Reading) => ({ value: Number(read(reading)) }) }
    expect(() => kpiValue(other, busy)).toThrow(
      `KPI ${kpi.id} reads ${what}, which it does not declare`,
    )
  })

  test.each(kpis)('$id reads nothing else', (one) => {
    for (const reading of [busy, silent]) expect(() => kpiValue(one, reading)).not.toThrow()
  })
})
