import { describe, expect, test } from 'vitest'
import type { CanonicalEvent, EventData } from '../../events/event.ts'
import { ownIdKinds } from './index.ts'
import { alone, at, happened, told } from './own-id.test-support.ts'

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
    ...{ violationId: 'vi', assessmentId: 'as', costId: 'co', appealId: 'ap' },
    customerId: 'cu',
    ...{ queue: 'q/1', start: '2026-03-02T09:00:00.000Z', end: '2026-03-02T09:30:00.000Z' },
  }
  const [event] = happened([[1, 'survey.sent', data]]) as [CanonicalEvent]
  expect(ownIdKinds.map(({ name, idOf }) => [name, idOf(data, event)])).toEqual([
    ['appeal', 'ap'],
    ['complaint', 'c'],
    ['review', 'r'],
    ['follow-up', 'f'],
    ['incident', 'i'],
    ['sale-offer', 'o'],
    ['refund', 'b'],
    ['order', 'd'],
    ['contract', 'cu'],
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
    expect(asks!(happened(all))).toEqual({ of: 'contact', id: 'c-2', atMs: 5_000 })
    expect(asks!(happened([[3, 'complaint.settled', { contactId: 'c-1' }]]))).toEqual({
      ...{ of: 'contact', id: 'c-1', atMs: 3_000 },
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
