import { describe, expect, test } from 'vitest'
import type { CanonicalEvent, EventData } from '../../events/event.ts'
import type { EventType } from '../../events/types.ts'
import type { EpochMs } from '../../time/time.ts'
import { ownIdKinds } from './index.ts'
import type { Said } from './own-id.ts'

const happened = (
  all: readonly (readonly [second: number, type: EventType, data?: EventData])[],
): CanonicalEvent[] =>
  all.map(([second, type, data = {}], place) => ({
    ...{
      type,
      data,
      id: `e-${place}`,
      source: '/crm',
      sequence: '0',
      tenant: 'acme',
      timeMs: (second * 1_000) as EpochMs,
    },
  }))

function told(
  name: string,
  all: Parameters<typeof happened>[0],
  nowSecond = 1_000,
  heard: readonly Said[] = [],
) {
  const kind = ownIdKinds.find((one) => one.name === name)!
  const { rows, ...rest } = kind.tell(happened(all), (nowSecond * 1_000) as EpochMs, 'UTC', heard)
  return { rows: rows.map((row) => JSON.parse(JSON.stringify(row)) as unknown), ...rest }
}

const at = (second: number, agent = 'none') => ({ atMs: second * 1_000, credit: { agent } })
/** Of what names no contact of which anything is known. */
const alone = (second: number, agent = 'none') => ({
  atMs: second * 1_000,
  credit: { queue: 'none', agent, channel: 'unknown', class: 'live' },
})

test('every type belongs to one kind, and kinds have names of their own', () => {
  const types = ownIdKinds.flatMap((kind) => kind.types)
  expect(new Set(types).size).toBe(types.length)
  expect(new Set(ownIdKinds.map(({ name }) => name)).size).toBe(ownIdKinds.length)
})

test('events of a kind name their subject by the id of that kind', () => {
  const data: EventData = {
    ...{ complaintId: 'c', reviewId: 'r', followupId: 'f', incidentId: 'i', agentId: 'a' },
    ...{ shiftId: 's/1', date: '2026-03-02', surveyId: 'v' },
    ...{ offerId: 'o', refundId: 'b', orderId: 'd' },
    ...{ violationId: 'vi', assessmentId: 'as', costId: 'co' },
    ...{ queue: 'q/1', start: '2026-03-02T09:00:00.000Z', end: '2026-03-02T09:30:00.000Z' },
  }
  const [event] = happened([[1, 'survey.sent', data]]) as [CanonicalEvent]
  expect(ownIdKinds.map(({ name, idOf }) => [name, idOf(data, event)])).toEqual([
    ['complaint', 'c'],
    ['review', 'r'],
    ['follow-up', 'f'],
    ['incident', 'i'],
    ['sale-offer', 'o'],
    ['refund', 'b'],
    ['order', 'd'],
    ['roster', 'a'],
    ['forecast', '2026-03-02T09:00:00.000Z/2026-03-02T09:30:00.000Z/q/1'],
    ['shift', '1/a/s/1'],
    ['attendance', '2026-03-02/a'],
    ['survey', 'v'],
    ['quality-review', 'r'],
    ['violation', 'vi'],
    ['assessment', 'as'],
    ['employee-survey', 'v'],
    ['cost', 'co'],
  ])
})

describe('a complaint', () => {
  const all = [
    [3, 'complaint.settled', { justified: true }],
    [5, 'complaint.filed', { contactId: 'c-1' }],
    [9, 'complaint.settled', { contactId: 'c-2' }],
  ] as const

  test('asks the contact that it names last whose work it was when it was made, else when it was settled', () => {
    const { asks } = ownIdKinds.find(({ name }) => name === 'complaint')!
    expect(asks!(happened(all))).toEqual({ contactId: 'c-2', atMs: 5_000 })
    expect(asks!(happened([[3, 'complaint.settled', { contactId: 'c-1' }]]))).toEqual({
      ...{ contactId: 'c-1', atMs: 3_000 },
    })
    expect(asks!(happened(all.slice(0, 1)))).toBeNull()
  })

  test.each([{ named: 'a-2' }, { named: undefined }])(
    'is credited as its contact says, and to the agent that it names ($named)',
    ({ named }) => {
      const credit = { queue: 'billing', agent: 'a-1', channel: 'chat', class: 'live', shop: 's' }
      const filed = named === undefined ? {} : { agentId: named }
      const { rows } = told('complaint', [[5, 'complaint.filed', filed]], 9, [
        { kind: 'judged', credit },
      ])
      expect(rows).toMatchObject([{ filed: { credit: { ...credit, agent: named ?? 'a-1' } } }])
    },
  )

  test('is filed and settled once, of the agent and with the verdict of the last word', () => {
    const { rows } = told('complaint', [
      [1, 'complaint.filed', { agentId: 'a-1', justified: true }],
      [2, 'complaint.filed'],
      [5, 'complaint.settled', { justified: false }],
      [9, 'complaint.settled', { agentId: 'a-2', justified: true }],
    ])
    expect(rows).toEqual([
      { grain: 'complaint', filed: alone(1, 'a-2'), settled: alone(5, 'a-2'), justified: true },
    ])
  })

  test.each([
    {
      what: 'filing',
      all: [[5, 'complaint.settled']] as const,
      row: { filed: null, settled: alone(5), justified: false },
    },
    {
      what: 'settlement',
      all: [[5, 'complaint.filed']] as const,
      row: { filed: alone(5), settled: null, justified: false },
    },
  ])('may have no $what', ({ all, row }) => {
    expect(told('complaint', all).rows).toEqual([{ grain: 'complaint', ...row }])
  })
})

test.each([
  { data: [{ rating: 'bad' }], isBad: true, causedByService: true },
  { data: [{ rating: 'bad', causedByService: false }], isBad: true, causedByService: false },
  { data: [{ rating: 'neutral' }], isBad: false, causedByService: true },
  {
    data: [
      { rating: 'bad', causedByService: false },
      { rating: 'good', causedByService: true },
    ],
    isBad: false,
    causedByService: true,
  },
])(
  'a review of $data has the time of its first event and the content of its last',
  ({ data, isBad, causedByService }) => {
    const { rows } = told(
      'review',
      data.map((one, place) => [place + 1, 'review.posted', one] as const),
    )
    expect(rows).toEqual([{ grain: 'review', posted: alone(1), isBad, causedByService }])
  },
)

describe('a follow-up', () => {
  const due = (second: number) => ({ dueAt: new Date(second * 1_000).toISOString() })

  test('is told once its date has come, the one that was told last', () => {
    const all = [
      [1, 'followup.planned', due(50)],
      [2, 'followup.planned', { ...due(90), agentId: 'a-1' }],
    ] as const
    expect(told('follow-up', all, 89)).toEqual({ rows: [], aheadMs: 90_000 })
    expect(told('follow-up', all, 90)).toEqual({
      rows: [{ grain: 'follow-up', due: at(90, 'a-1'), isDone: false }],
      aheadMs: 90_000,
    })
  })

  test.each([
    {
      told: '0001-01-01T00:00:00Z',
      second: 1,
      rule: 'a date before its planning is that of the planning',
    },
    {
      told: '9999-12-31T00:00:00Z',
      second: 1 + 366 * 86_400,
      rule: 'a date beyond a year is a year from its planning',
    },
  ])('$rule', ({ told: dueAt, second }) => {
    const all = [[1, 'followup.planned', { dueAt }]] as const
    expect(told('follow-up', all, second).rows).toEqual([
      { grain: 'follow-up', due: at(second), isDone: false },
    ])
    expect(told('follow-up', all, second - 1).rows).toEqual([])
  })

  test('is done by a word, before or after its date', () => {
    for (const second of [3, 99]) {
      const { rows } = told('follow-up', [
        [1, 'followup.planned', due(50)],
        [second, 'followup.done'],
      ])
      expect(rows).toEqual([{ grain: 'follow-up', due: at(50), isDone: true }])
    }
  })
})

describe('an incident', () => {
  const restored = (openedSecond: number, second: number, queue: string) => [
    {
      grain: 'incident',
      openedMs: openedSecond * 1_000,
      restored: { atMs: second * 1_000, credit: { queue } },
    },
  ]

  test('lasts from its opening to the first restoration after it', () => {
    const all = [
      [2, 'incident.restored'],
      [5, 'incident.opened', { queue: 'billing' }],
      [7, 'incident.opened'],
      [9, 'incident.restored'],
      [12, 'incident.restored'],
    ] as const
    expect(told('incident', all).rows).toEqual(restored(5, 9, 'billing'))
    expect(told('incident', all.slice(1, 4)).rows).toEqual(restored(5, 9, 'billing'))
  })

  test.each([
    { what: 'is not back', all: [[5, 'incident.opened']] as const },
    { what: 'was never down', all: [[5, 'incident.restored']] as const },
    {
      what: 'was back before it was down',
      all: [
        [4, 'incident.restored'],
        [5, 'incident.opened'],
      ] as const,
    },
  ])('tells nothing of what $what', ({ all }) => {
    expect(told('incident', all).rows).toEqual([])
  })

  test('that is over at once took no time', () => {
    expect(
      told('incident', [
        [5, 'incident.opened'],
        [5, 'incident.restored'],
      ]).rows,
    ).toEqual(restored(5, 5, 'none'))
  })
})

describe('an offered service', () => {
  const made = (second: number, isAccepted: boolean, credit: object) => [
    { grain: 'sale-offer', made: { atMs: second * 1_000, credit }, isAccepted },
  ]

  test('is made once, taken by any word of that, and of the agent and queue of the last word', () => {
    const all = [
      [3, 'offer.accepted', { queue: 'vip' }],
      [5, 'offer.made', { agentId: 'a-1', queue: 'billing' }],
      [7, 'offer.made', { agentId: 'a-2' }],
    ] as const
    expect(told('sale-offer', all).rows).toEqual(made(5, true, { queue: 'billing', agent: 'a-2' }))
    expect(told('sale-offer', all.slice(2)).rows).toEqual(
      made(7, false, { queue: 'none', agent: 'a-2' }),
    )
  })

  test('that nobody made was not taken', () => {
    expect(told('sale-offer', [[5, 'offer.accepted']]).rows).toEqual([])
  })
})

describe('an order', () => {
  const yuan = (amountMinor: number) => ({ money: { amountMinor, currency: 'CNY' } })
  const euro = (amountMinor: number) => ({ money: { amountMinor, currency: 'EUR' } })
  const order = { grain: 'order', customerId: null, placed: null, paid: null }

  test('is placed and paid once, in the money, of the agent and in the shop of the last word', () => {
    const { rows } = told('order', [
      [2, 'order.placed', { ...yuan(900), customerId: 'u-1', agentId: 'a-1' }],
      [3, 'order.placed', { ...yuan(800), customerId: 'u-1', shop: 's-1' }],
      [5, 'order.paid', { ...yuan(700), customerId: 'u-2', shop: 's-2' }],
      [7, 'order.paid', { ...euro(650), customerId: 'u-2', agentId: 'a-2' }],
      [9, 'order.placed', { ...yuan(1), customerId: 'u-2' }],
    ])
    const credit = { agent: 'a-2', shop: 's-2' }
    expect(rows).toEqual([
      {
        ...{ ...order, customerId: 'u-2', placed: { atMs: 2_000, credit } },
        paid: {
          ...{ atMs: 5_000, credit },
          ...{ amountMinor: 650, currency: 'EUR', returnedMinor: 0, refundedMinor: 0 },
        },
        ...{ isReturned: false, isRefunded: false, isReturnedByService: false },
      },
    ])
  })

  test.each([
    { rule: 'its parts are added up', returns: [yuan(100), yuan(200)], returnedMinor: 300 },
    { rule: 'one without money is of all of it', returns: [yuan(100), {}], returnedMinor: 700 },
    { rule: 'no more comes back than was paid', returns: [yuan(900)], returnedMinor: 700 },
    { rule: 'another currency takes nothing off', returns: [euro(100)], returnedMinor: 0 },
    { rule: 'nothing came back', returns: [], returnedMinor: 0 },
  ])('that is returned, before or after its payment: $rule', ({ returns, returnedMinor }) => {
    const paid = [5, 'order.paid', yuan(700)] as const
    for (const second of [1, 9]) {
      const back = returns.map((data) => [second, 'order.returned', data] as const)
      const { rows } = told('order', second < 5 ? [...back, paid] : [paid, ...back])
      expect(rows).toMatchObject([
        { paid: { amountMinor: 700, returnedMinor }, isReturned: returns.length > 0 },
      ])
    }
  })

  test.each([
    { rule: 'returns first, then refunds', back: 500, refunds: [yuan(100), yuan(400)], is: 200 },
    { rule: 'in its own currency', back: 0, refunds: [yuan(100), euro(100)], is: 100 },
    { rule: 'how much, where somebody says so', back: 0, refunds: [{ money: null }], is: 0 },
  ])('that is refunded, has that of what was paid: $rule', ({ back, refunds, is }) => {
    const events = [
      [5, 'order.paid', yuan(700)],
      [9, 'order.returned', yuan(back)],
    ] as const
    const heard = refunds.map(({ money }) => ({ kind: 'refunded', money }) as const)
    expect(told('order', events, 1_000, heard).rows).toMatchObject([
      { paid: { returnedMinor: back, refundedMinor: is }, isRefunded: true },
    ])
  })

  test('that was never paid has no money; service is the cause where any return says so', () => {
    const { rows } = told('order', [
      [2, 'order.placed', { ...yuan(900), customerId: 'u-1' }],
      [3, 'order.returned', { cause: 'service' }],
      [4, 'order.returned', { cause: 'product' }],
    ])
    expect(rows).toEqual([
      {
        ...{ ...order, customerId: 'u-1', placed: at(2) },
        ...{ isReturned: true, isRefunded: false, isReturnedByService: true },
      },
    ])
  })
})

describe('a refund', () => {
  const due = (second: number) => ({ dueAt: new Date(second * 1_000).toISOString() })

  test.each([
    {
      rule: 'at its due date is in time',
      asked: due(99),
      told: due(9),
      isInTime: true,
      isCorrect: true,
    },
    { rule: 'after it is late', asked: due(99), told: due(8), isInTime: false, isCorrect: true },
    { rule: 'without one is in time', asked: {}, told: {}, isInTime: true, isCorrect: true },
    {
      rule: 'wrongly is in time and not correct',
      ...{ asked: { correct: true }, told: { correct: false }, isInTime: true, isCorrect: false },
    },
  ])('handled $rule', ({ asked, told: data, isInTime, isCorrect }) => {
    const { rows } = told('refund', [
      [4, 'refund.handled', { agentId: 'a-0' }],
      [5, 'refund.requested', asked],
      [6, 'refund.requested'],
      [9, 'refund.handled', { agentId: 'a-1', ...data }],
      [20, 'refund.handled'],
    ])
    expect(rows).toEqual([
      { grain: 'refund', requested: at(5, 'a-1'), handled: at(9, 'a-1'), isInTime, isCorrect },
    ])
  })

  test('that is not handled is requested alone, before and after it is due', () => {
    for (const nowSecond of [6, 99])
      expect(told('refund', [[5, 'refund.requested', due(9)]], nowSecond).rows).toEqual([
        { grain: 'refund', requested: at(5), handled: null, isInTime: false, isCorrect: true },
      ])
  })

  test('that nobody asked for is none', () => {
    expect(told('refund', [[5, 'refund.handled']]).rows).toEqual([])
  })

  const money = { amountMinor: 300, currency: 'CNY' }
  test.each<{ rule: string; all: Parameters<typeof told>[1]; tells: readonly object[] }>([
    {
      rule: 'nothing before it is handled',
      all: [[5, 'refund.requested', { orderId: 'd', money }]],
      tells: [],
    },
    {
      rule: 'what its last words say',
      all: [
        [5, 'refund.requested', { orderId: 'c', money }],
        [9, 'refund.handled', { orderId: 'd' }],
      ],
      tells: [{ to: 'order', id: 'd', said: { kind: 'refunded', money } }],
    },
    {
      rule: 'it was, also where nobody had asked or said how much',
      all: [[9, 'refund.handled', { orderId: 'd' }]],
      tells: [{ to: 'order', id: 'd', said: { kind: 'refunded', money: null } }],
    },
    { rule: 'nobody where it names none', all: [[9, 'refund.handled', { money }]], tells: [] },
  ])('tells its order $rule', ({ all, tells }) => {
    expect(told('refund', all).tells).toEqual(tells)
  })
})

describe('a roster', () => {
  const rostered = (
    ...all: readonly (readonly [second: number, from: string, more?: EventData])[]
  ) =>
    told(
      'roster',
      all.map(([second, from, more = {}]) => [
        second,
        'agent.rostered',
        { agentId: 'a', teams: [], from, ...more },
      ]),
    )
  const open = (...entries: readonly object[]) => ({
    rows: [],
    open: {
      row: {
        rosterOf: 'a',
        entries: entries.map((one) => ({ teams: [], role: null, aliases: [], ...one })),
      },
      intervals: [],
      dimensions: {},
    },
  })

  test('has its entries by date, whenever they were told', () => {
    expect(
      rostered(
        [1, '2026-03-02', { teams: ['b'], role: 'lead' }],
        [2, '2026-03-01', { teams: ['a'] }],
      ),
    ).toEqual(
      open(
        { from: '2026-03-01', teams: ['a'] },
        { from: '2026-03-02', teams: ['b'], role: 'lead' },
      ),
    )
  })

  test('has of one date what was told last, all of it', () => {
    expect(
      rostered(
        [1, '2026-03-01', { teams: ['a'], role: 'lead', aliases: ['b'] }],
        [2, '2026-03-01', { teams: ['c'] }],
      ),
    ).toEqual(open({ from: '2026-03-01', teams: ['c'] }))
  })

  test('names each team and each other account once', () => {
    expect(rostered([1, '2026-03-01', { teams: ['x', 'x'], aliases: ['b', 'a', 'b'] }])).toEqual(
      open({ from: '2026-03-01', teams: ['x'], aliases: ['b'] }),
    )
  })
})

describe('a survey without a contact', () => {
  const credit = { queue: 'none', agent: 'none', channel: 'unknown', class: 'live' }
  const scale = { scaleMin: 1, scaleMax: 5 }

  test('counts by kind: its first invitation, and its last answer', () => {
    const { rows } = told('survey', [
      [1, 'survey.sent', { kind: 'csat', surveyId: 's' }],
      [2, 'survey.sent', { kind: 'csat', surveyId: 's' }],
      [3, 'survey.answered', { kind: 'csat', surveyId: 's', score: 1, ...scale }],
      [4, 'survey.answered', { kind: 'csat', surveyId: 's', agentId: 'a', score: 4, ...scale }],
      [5, 'survey.answered', { kind: 'ces', surveyId: 's', score: 2, ...scale }],
    ])
    expect(rows).toEqual([
      {
        ...{ grain: 'survey', kind: 'csat', subject: 'human' },
        ...{ invited: { atMs: 1_000, credit }, isReturned: true },
        answered: { atMs: 4_000, credit: { ...credit, agent: 'a' } },
        ...{ score: 75_000_000, isSatisfied: true },
      },
      {
        ...{ grain: 'survey', kind: 'ces', subject: null, invited: null, isReturned: false },
        ...{ answered: { atMs: 5_000, credit }, score: 25_000_000, isSatisfied: false },
      },
    ])
  })

  test('of which only the invitation is known was not answered', () => {
    expect(told('survey', [[1, 'survey.sent', { kind: 'nps' }]]).rows).toEqual([
      {
        ...{ grain: 'survey', kind: 'nps', subject: null, invited: { atMs: 1_000, credit } },
        ...{ isReturned: false, answered: null, score: null, isSatisfied: false },
      },
    ])
  })

  test('without an id is named by its event', () => {
    const kind = ownIdKinds.find(({ name }) => name === 'survey')!
    const [first, second] = happened([
      [1, 'survey.answered', { kind: 'csat' }],
      [1, 'survey.answered', { kind: 'csat' }],
    ]) as [CanonicalEvent, CanonicalEvent]
    expect(kind.idOf(first.data, first)).toBe('/crm#e-0')
    expect(kind.idOf(second.data, second)).toBe('/crm#e-1')
  })
})
