import { existsSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { kpiSql } from '@deskpulse/contract'
import { defaultTenantConfig, type TenantConfig } from '@deskpulse/core/config'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { type Booking, bookings, catalogueOf, type Kpi, type KpiValue } from '@deskpulse/core/kpis'
import {
  type EpochMs,
  hourMs,
  type Period,
  type PeriodKind,
  periodsIn,
  slotMs,
} from '@deskpulse/core/time'
import { OwnRecords, TenantReplay, TenantRows } from '@deskpulse/engine'
import type { LogRecord } from '@deskpulse/stream'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryEvents, liveLogOf } from '../../packages/engine/src/testing/arbitrary-logs.ts'
import { createRandom } from '../../services/cli/src/simulate/random.ts'
import { office } from './support/calendars.ts'
import { minorDigits, type Slice } from '@deskpulse/core/measures'
import { configRecord, logOf, readerOf, sliceOf, tenant } from './support/folded.ts'
import { helpdeskEvents, helpdeskLog, helpdeskPath } from './support/helpdesk.ts'
import { rowDatabase } from './support/row-tables.ts'
import { simulatedEvents } from './support/simulated-days.ts'

/** These say how things stand now, of which no row tells, or are worked out by Erlang C. */
const withoutSql = [
  'unreplied_customers',
  'waiting_now',
  'longest_wait',
  'waiting_over_target',
  'queued_now',
  'longest_queue_wait',
  'missed_in_a_row',
  'backlog',
  'backlog_age',
  'backlog_overdue',
  'backlog_cycles_late',
  'agents_by_state',
  'agents_online',
  'agents_signed_in',
  'agents_staffed',
  'agents_available',
  'active_slots',
  'available_slots',
  'sales_index',
  'required_agents',
  'staffing_gap',
]

const slices = {
  ...defaultTenantConfig.slices,
  dimensions: ['queue', 'agent', 'channel', 'class', 'topic'],
  values: { topic: ['refund', 'login', 'delivery'] },
} satisfies TenantConfig['slices']

test('every KPI that counts rows is said in SQL, and those that do not are these', () => {
  const without = catalogueOf().kpis.filter((kpi) => kpiSql(kpi) === null)
  expect(without.map(({ id }) => id)).toEqual(withoutSql)
})

/** By entry where that is another value. */
const bookingsOf = ({ measures }: Kpi): readonly Booking[] =>
  measures.some(({ atEntry }) => atEntry !== undefined) ? bookings : ['event']

type Numbers = Readonly<Record<string, number | null>>
/** KPIs that had a value in what was compared. */
const compared = new Set<string>()

/** What a value says, by the names of its query's columns. */
function numbersOf(kpi: Kpi, counted: KpiValue): Numbers {
  const { value, numerator, denominator, count, sum } = counted
  switch (kpi.terms?.shape) {
    case 'ratio':
    case 'distinct-ratio':
    case 'distinct-without':
    case 'by-basis':
      return { numerator: Number(numerator), denominator: Number(denominator), value }
    case 'points':
      return { count: count!, sum: Number(sum), value }
    case 'weighted-points':
      return { count: count!, sum: Number(sum) }
    case 'money':
    case 'money-ratio':
      return moneyOf(counted)
    case 'average':
      return { count: count!, sum: count === 0 ? null : Number(sum), value }
    case 'highest':
      return { count: count!, value }
    case 'level':
      return { sum: Number(sum) }
    default:
      return { value }
  }
}

/** Minor units by currency, of which there are any. */
function moneyOf({ currency, sum, numerator, denominator, byCurrency = {} }: KpiValue): Numbers {
  const per = Number(denominator ?? 1)
  const amounts =
    currency === undefined
      ? Object.entries(byCurrency).map(([one, amount]): [string, number] => [
          one,
          Math.round(amount * per * 10 ** minorDigits(one)),
        ])
      : [[currency, Number(sum ?? numerator)] as [string, number]]
  return Object.fromEntries(amounts.filter(([, amount]) => amount !== 0))
}

/** The same of a query’s lines. */
function moneyIn(lines: readonly Readonly<Record<string, unknown>>[]): Numbers {
  const amounts = lines.map(({ currency, sum, numerator, denominator }) => [
    currency as string,
    denominator === 0 ? 0 : Number(sum ?? numerator),
  ])
  return Object.fromEntries(amounts.filter(([, amount]) => amount !== 0))
}

type Reads = {
  readonly slices: readonly string[]
  readonly periods: readonly PeriodKind[]
  readonly startMs: number
  readonly endMs: number
}

/** Every KPI's query over the rows, in every slice and period, beside what was counted. */
async function expectAsCounted(
  records: readonly LogRecord[],
  config: TenantConfig,
  reads: Reads,
  named = tenant,
): Promise<void> {
  const rows = new TenantRows()
  const replay = new TenantReplay({ rowChanged: rows.changed })
  const own = new OwnRecords(named)
  await replay.fold(records.map((record) => own.next(record)))
  using database = rowDatabase(rows.all())
  const reader = readerOf(replay.store, config, named, false)
  const kpis = catalogueOf(config).kpis.filter(({ id }) => !withoutSql.includes(id))
  const range = { startMs: reads.startMs as EpochMs, endMs: reads.endMs as EpochMs }
  const wrong: unknown[] = []
  for (const slice of reads.slices) {
    const queries = kpis.flatMap((kpi) =>
      bookingsOf(kpi).map((by) => [kpi, by, queryOf(database, kpi, slice, by)] as const),
    )
    for (const kind of reads.periods) {
      for (const period of periodsIn(kind, range, config.timeZone)) {
        const values = {
          event: reader.period(slice, period),
          entry: reader.period(slice, period, { by: 'entry' }),
        }
        for (const [kpi, by, query] of queries) {
          const counted = values[by].get(kpi.id)!
          if (counted.reason === 'no-source' || counted.reason === 'not-kept') continue
          const expected = numbersOf(kpi, counted)
          const found = query(period)
          if (counted.value !== null && counted.value !== 0) compared.add(`${kpi.id} by ${by}`)
          if (!sameNumbers(kpi, found, expected))
            wrong.push({ kpi: kpi.id, by, slice, period: period.label, found, expected })
        }
      }
    }
  }
  expect(wrong).toEqual([])
}

function queryOf(
  database: DatabaseSync,
  kpi: Kpi,
  slice: string,
  by: Booking,
): (period: Period) => Numbers {
  const statement = database.prepare(kpiSql(kpi, sliceOf(slice) as Slice, by)!)
  statement.setAllowUnknownNamedParameters(true) // Where nothing can count, it asks for no time; most ask for no kind.
  const text = (ms: EpochMs): string => new Date(ms).toISOString()
  return ({ startMs, endMs, kind }) => {
    const asked = { $from: text(startMs), $to: text(endMs), $period: kind }
    if (kpi.unit === 'money') return moneyIn(statement.all(asked))
    return { ...statement.get(asked) } as unknown as Numbers
  }
}

/** The longest of durations is as a histogram has it. */
const sameNumbers = ({ terms }: Kpi, a: Numbers, b: Numbers): boolean =>
  Object.keys(b).length === Object.keys(a).length &&
  Object.entries(b).every(([name, value]) =>
    terms?.shape === 'highest' && name === 'value' && value !== null
      ? Math.abs(a[name]! - value) <= 0.01 * a[name]!
      : Object.is(a[name], value),
  )

describe('the definitions of the documentation in SQL, over the rows, come to what was counted', () => {
  test.each([
    { timeZone: 'Europe/Rome', start: '2026-03-29T00:00:00Z', seed: 1 },
    {
      timeZone: 'Asia/Kathmandu',
      start: '2026-02-28T17:10:00Z', // A night, outside of all hours.
      seed: 3,
      hours: {
        calendars: { office },
        calendar: 'office',
        outsideHours: { live: 'separate', deferred: 'separate' },
      } satisfies Partial<TenantConfig>,
    },
  ])('of simulated days in $timeZone', async ({ timeZone, start, seed, hours = {} }) => {
    const startMs = Date.parse(start)
    const endMs = startMs + 10 * hourMs
    const config: TenantConfig = {
      ...{ ...defaultTenantConfig, timeZone, slices, fcrWindowMs: hourMs },
      ...hours,
    }
    const random = createRandom(seed)
    const arrivals = simulatedEvents({ seed, startMs, endMs, agents: 5 }).map((event) => ({
      event,
      atMs: Math.min(endMs, event.timeMs + Math.round(random.exponential(5_000))),
    }))
    // What goes on has no row in the slot in which it does: read as one begins.
    const asOfMs = Math.ceil((endMs + 40 * hourMs) / slotMs) * slotMs
    await expectAsCounted(logOf(arrivals, config, asOfMs), config, {
      slices: [
        ...['all', 'queue=billing', 'queue=technical', 'queue=none', 'agent=agent-001'],
        ...['agent=none', 'channel=chat', 'class=live', 'class=voice', 'topic=refund'],
        ...['queue=orders,channel=email', 'queue=nobody-was-ever-here'],
      ],
      periods: ['hour', 'day', 'month'],
      startMs,
      endMs,
    })
  })

  test.skipIf(!existsSync(helpdeskPath))('of ten years of a help desk', async () => {
    const config = { ...defaultTenantConfig, timeZone: 'Europe/Rome' }
    const events = await helpdeskEvents()
    await expectAsCounted(
      helpdeskLog(events),
      config,
      {
        slices: ['all', 'agent=Value 2'],
        periods: ['month', 'year'],
        startMs: Math.min(...events.map(({ timeMs }) => timeMs)),
        endMs: Math.max(...events.map(({ timeMs }) => timeMs)) + 1,
      },
      'helpdesk',
    )
  })

  test('of what is rare', async () => {
    const config = { ...defaultTenantConfig, slices }
    const startMs = Date.parse('2026-03-02T08:00:00Z')
    const period = { start: '2026-03-02', end: '2026-03-02' }
    const order = (orderId: string, amountMinor: number) => ({
      ...{ orderId, customerId: 'u-1', money: { amountMinor, currency: 'CNY' } },
    })
    const told: readonly (readonly [CanonicalEvent['type'], CanonicalEvent['data']])[] = [
      ['incident.opened', { incidentId: 'i', queue: 'billing' }],
      ['contact.opened', { contactId: 'c', channel: 'chat', queue: 'billing' }],
      ['message.sent', { contactId: 'c', from: 'customer' }],
      ['contact.ended', { contactId: 'c' }],
      ['incident.restored', { incidentId: 'i' }],
      ['contact.opened', { contactId: 'd', customerId: 'u-1', channel: 'chat', queue: 'billing' }],
      ['message.sent', { contactId: 'd', from: 'customer' }],
      ['contact.assigned', { contactId: 'd', agentId: 'a-1' }],
      ['message.sent', { contactId: 'd', from: 'agent', agentId: 'a-1' }],
      ['contact.escalated', { contactId: 'd', kind: 'conflict' }],
      ['contact.escalated', { contactId: 'd', kind: 'technical' }],
      ['contact.assigned', { contactId: 'd', agentId: 'm-1' }],
      ['contact.ended', { contactId: 'd' }],
      ['contact.opened', { contactId: 'e', channel: 'voice', queue: 'billing' }],
      ['contact.assigned', { contactId: 'e', agentId: 'a-1' }],
      ['contact.held', { contactId: 'e' }],
      ['contact.ended', { contactId: 'e', by: 'customer' }],
      ['contact.opened', { contactId: 'f', channel: 'chat', queue: 'billing' }],
      ['contact.closed', { contactId: 'f' }],
      ['contact.opened', { contactId: 'g', channel: 'chat', queue: 'billing', offline: true }],
      ...(['csat', 'nps', 'ces', 'quality'] as const).flatMap((kind): (typeof told)[number][] => [
        ['survey.sent', { contactId: 'd', kind }],
        ['survey.answered', { contactId: 'd', kind, score: 5, scaleMin: 1, scaleMax: 5 }],
        ['survey.answered', { surveyId: 's', kind, score: 1, scaleMin: 1, scaleMax: 5 }],
      ]),
      ['contact.opened', { contactId: 'h', channel: 'chat', queue: 'billing' }],
      ['message.sent', { contactId: 'h', from: 'bot' }],
      ['survey.answered', { contactId: 'h', kind: 'csat', score: 4, scaleMin: 1, scaleMax: 5 }],
      ['contact.assigned', { contactId: 'h', agentId: 'a-1' }],
      ['contact.opened', { contactId: 'i', channel: 'chat', queue: 'billing' }],
      ['message.sent', { contactId: 'i', from: 'bot' }],
      ['contact.assigned', { contactId: 'i', agentId: 'a-1' }],
      ['survey.answered', { contactId: 'i', kind: 'csat', score: 4, scaleMin: 1, scaleMax: 5 }],
      ['complaint.filed', { complaintId: 'x', agentId: 'a-1' }],
      ['complaint.settled', { complaintId: 'x', justified: true }],
      ['review.posted', { reviewId: 'x', agentId: 'a-1', rating: 'bad' }],
      ['followup.planned', { followupId: 'x', customerId: 'u-1', agentId: 'a-1' }],
      ['followup.done', { followupId: 'x', customerId: 'u-1' }],
      ['offer.made', { offerId: 'x', customerId: 'u-1', agentId: 'a-1', queue: 'billing' }],
      ['offer.accepted', { offerId: 'x', customerId: 'u-1' }],
      ['offer.made', { offerId: 'y', customerId: 'u-1' }],
      ['refund.requested', { refundId: 'x', agentId: 'a-1' }],
      ['refund.handled', { refundId: 'x', orderId: 'x', money: order('x', 70).money }],
      ['refund.requested', { refundId: 'y', agentId: 'a-1' }],
      ['order.placed', { ...order('x', 12_900), agentId: 'a-1' }],
      ['order.paid', order('x', 12_900)],
      ['order.returned', { orderId: 'x', money: { amountMinor: 900, currency: 'CNY' } }],
      ['order.paid', order('y', 500)],
      ['order.returned', { orderId: 'y', cause: 'service' }],
      ['customer.started', { customerId: 'u-8' }],
      ['customer.started', { customerId: 'u-9' }],
      ['customer.left', { customerId: 'u-9' }],
      ['cost.recorded', { costId: 'x', money: order('x', 7).money, period, agentId: 'a-1' }],
      [
        'agent.attendance',
        { agentId: 'a-1', date: '2026-03-02', scheduled: true, attended: true, violations: 2 },
      ],
      ...(['call', 'ticket_hygiene', 'accuracy'] as const).map(
        (kind) =>
          [
            'quality.reviewed',
            { reviewId: kind, agentId: 'a-1', kind, score: 90.5, criticalErrors: 1 },
          ] as const,
      ),
      ['quality.reviewed', { reviewId: 'y', agentId: 'a-1', kind: 'accuracy', score: 10, period }],
      ['violation.recorded', { violationId: 'x', agentId: 'a-1', kind: 'banned_phrase' }],
      ...(
        [
          'knowledge_test',
          'collaboration',
          'teamwork',
          'development',
          'attitude',
          'training',
        ] as const
      ).map(
        (kind) =>
          [
            'agent.assessed',
            { assessmentId: kind, agentId: 'a-1', kind, rater: 'peer', score: 70, period },
          ] as const,
      ),
      ['employee.surveyed', { surveyId: 'x', score: 4, scaleMin: 1, scaleMax: 5 }],
      [
        'workload.forecast',
        {
          ...{
            queue: 'billing',
            start: '2026-03-02T08:00:00.000Z',
            end: '2026-03-02T08:50:30.000Z',
          },
          ...{ offered: 12.5, averageHandleMs: 61_000 },
        },
      ],
    ]
    const arrivals = told.map(([type, data], n) => {
      const atMs = (startMs + n * 1_000) as EpochMs
      const event = { type, data, tenant, id: `e-${n}`, source: '/test', sequence: '0' }
      return { atMs, event: { ...event, timeMs: atMs } }
    })
    // What is told of a date counts from noon on.
    await expectAsCounted(logOf(arrivals, config, startMs + 5 * hourMs), config, {
      slices: ['all', 'queue=billing', 'agent=a-1'],
      periods: ['hour', 'day'],
      startMs,
      endMs: startMs + hourMs,
    })
  })

  test('of bots, over a week', async () => {
    const config = { ...defaultTenantConfig, slices }
    const startMs = Date.parse('2026-03-02T08:00:00Z')
    const day = 24 * hourMs
    type Told = readonly [ms: number, CanonicalEvent['type'], CanonicalEvent['data']]
    const withBot = (contactId: string, ...then: readonly Told[]): readonly Told[] => [
      [0, 'contact.opened', { contactId, channel: 'chat', handledBy: 'bot', queue: 'billing' }],
      [1_000, 'message.sent', { contactId, from: 'bot' }],
      ...then.map(([ms, type, data]): Told => [ms, type, { contactId, ...data }]),
    ]
    const told = [
      ...withBot('solved', [2_000, 'contact.resolved', {}]),
      ...withBot('again', [2_000, 'contact.resolved', {}], [day, 'contact.reopened', {}]),
      ...withBot('left', [3_000, 'contact.ended', { by: 'customer' }]),
      ...['limit', 'requested', 'unable', 'policy', 'mood', undefined].flatMap((reason, n) =>
        withBot(
          `off-${n}`,
          [2_000, 'contact.handed_off', reason === undefined ? {} : { reason }],
          [9_000, 'message.sent', { from: 'agent', agentId: 'a-1' }],
          [20_000, 'contact.closed', {}],
        ),
      ),
    ].toSorted(([a], [b]) => a - b)
    const arrivals = told.map(([ms, type, data], n) => {
      const timeMs = (startMs + ms) as EpochMs
      const event = { type, data, tenant, id: `e-${n}`, source: '/bots', sequence: '0' }
      return { atMs: timeMs, event: { ...event, timeMs } }
    })
    await expectAsCounted(logOf(arrivals, config, startMs + 7 * day + hourMs), config, {
      slices: ['all', 'queue=billing', 'agent=none', 'class=live'],
      periods: ['hour', 'day', 'month'],
      startMs,
      endMs: startMs + 2 * day,
    })
  })

  test('of customers under contract, over some days', async () => {
    const config = { ...defaultTenantConfig, timeZone: 'Asia/Shanghai', slices }
    const startMs = Date.parse('2026-03-29T20:00:00Z')
    const told = [
      [0, 'customer.started', 'u-1'],
      [1, 'customer.started', 'u-2'],
      [2, 'customer.started', 'u-3'],
      [40, 'customer.left', 'u-1'],
      [50, 'customer.left', 'u-2'],
      [51, 'customer.started', 'u-2'],
      [60, 'customer.left', 'u-3', true],
      [60, 'customer.started', 'u-4'],
    ] as const
    const arrivals = told.map(([hours, type, customerId, goesOn], n) => {
      const timeMs = (startMs + hours * hourMs) as EpochMs
      const data = { customerId, ...(goesOn && { goesOn }) }
      const event = { type, data, tenant, id: `e-${n}`, source: '/crm', sequence: '0', timeMs }
      return { atMs: timeMs, event }
    })
    await expectAsCounted(logOf(arrivals, config, startMs + 96 * hourMs), config, {
      slices: ['all', 'agent=a-1'],
      periods: ['hour', 'day', 'month'],
      startMs,
      endMs: startMs + 90 * hourMs,
    })
    for (const id of ['customer_retention', 'customer_churn'])
      expect([...compared]).toContain(`${id} by event`)
  })

  test('of any events, in any order', async () => {
    const config = { ...defaultTenantConfig, timeZone: 'Asia/Kolkata', slices }
    const hour = hourMs
    await fc.assert(
      fc.asyncProperty(
        arbitraryEvents,
        fc.array(fc.constantFrom(0, 40_000, hour), { minLength: 1, maxLength: 3 }),
        async (events, delaysMs) => {
          const [first, ...rest] = liveLogOf(events, delaysMs, hour, 30 * hour)
          const records = [configRecord(config, first!.appendedAtMs), first!, ...rest].map(
            (record, offset) => ({ ...record, offset: offset as LogRecord['offset'] }),
          )
          const startMs = Math.min(...events.map(({ timeMs }) => timeMs))
          await expectAsCounted(records, config, {
            slices: ['all', 'queue=billing', 'agent=a-1', 'class=live', 'queue=none'],
            periods: ['hour', 'day'],
            startMs,
            endMs: startMs + 24 * hour,
          })
        },
      ),
      { numRuns: 40 },
    )
  })
})

test('every one of them had something to compare', () => {
  const read = catalogueOf()
    .kpis.filter(({ id }) => !withoutSql.includes(id))
    .flatMap((kpi) => bookingsOf(kpi).map((by) => `${kpi.id} by ${by}`))
  expect(read.filter((one) => !compared.has(one))).toEqual([])
})
