import { describe, expect, test } from 'vitest'
import { ownIdKinds } from './index.ts'
import { at, happened, told } from './own-id.test-support.ts'

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
        ...{ isReturned: false, isRefunded: false, isReturnedByService: false, isConverted: true },
      },
    ])
  })

  const sold = { kind: 'sold', placed: 'a-1', paid: 'a-2', isInSession: true } as const
  test.each([
    { rule: 'who sold it, each instant by its own', named: {}, heard: [sold], is: ['a-1', 'a-2'] },
    { rule: 'whom it names', named: { agentId: 'a-9' }, heard: [sold], is: ['a-9', 'a-9'] },
    {
      rule: 'nobody, where nobody sold it',
      ...{ named: {}, heard: [{ ...sold, placed: null, paid: null }], is: ['none', 'none'] },
    },
    { rule: 'nobody, where nobody says so', named: {}, heard: [], is: ['none', 'none'] },
  ])('is credited to $rule', ({ named, heard, is }) => {
    const events = [
      [2, 'order.placed', named],
      [5, 'order.paid', yuan(700)],
    ] as const
    const [placed, paid] = is.map((agent) => ({ credit: { agent } }))
    expect(told('order', events, 1_000, heard).rows).toMatchObject([{ placed, paid }])
  })

  test.each([
    { rule: 'whose payment belongs to a session', named: {}, isInSession: true, is: true },
    { rule: 'that names its agent', named: { agentId: 'a-9' }, isInSession: false, is: true },
    { rule: 'of which nobody sold anything', named: {}, isInSession: false, is: false },
  ])('is converted where it is paid: one $rule: $is', ({ named, isInSession, is }) => {
    const heard = [{ kind: 'sold', placed: null, paid: null, isInSession }] as const
    const isConverted = (second: number, ...all: Parameters<typeof told>[1]) =>
      told('order', [[2, 'order.placed', named], ...all], second, heard).rows
    expect(isConverted(3)).toMatchObject([{ paid: null, isConverted: false }])
    expect(isConverted(6, [5, 'order.paid', yuan(700)])).toMatchObject([{ isConverted: is }])
  })

  test.each<{ rule: string; all: Parameters<typeof told>[1]; asks: object | null }>([
    {
      rule: 'its customer of its placing, when it was paid, in its last words',
      all: [
        [2, 'order.placed', { customerId: 'u-1', agentId: 'a-1', shop: 's-1' }],
        [5, 'order.paid', { customerId: 'u-2', ...yuan(700), shop: 's-2' }],
      ],
      asks: {
        ...{ of: 'customer', id: 'u-2' },
        purchase: { placedMs: 2_000, paidMs: 5_000, agent: 'a-1', shop: 's-2' },
      },
    },
    {
      rule: 'its customer of the payment alone, where no placing is told',
      all: [[5, 'order.paid', { customerId: 'u-1', ...yuan(700) }]],
      asks: {
        ...{ of: 'customer', id: 'u-1' },
        purchase: { placedMs: null, paidMs: 5_000, agent: null },
      },
    },
    { rule: 'nobody where it names no customer', all: [[2, 'order.placed', {}]], asks: null },
    {
      rule: 'nobody while only a return is told',
      all: [[2, 'order.returned', { customerId: 'u-1' }]],
      asks: null,
    },
  ])('asks $rule', ({ all, asks }) => {
    const kind = ownIdKinds.find(({ name }) => name === 'order')!
    expect(kind.asks!(happened(all))).toEqual(asks)
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
        ...{ isReturned: true, isRefunded: false, isReturnedByService: true, isConverted: false },
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
