import type { AlertSeverity } from '@deskpulse/core/alerts'
import type { EpochMs } from '@deskpulse/core/time'
import { expect, test } from 'vitest'
import type { Channel } from '../channels/channel.ts'
import { Endpoint, type OpenMessage } from './endpoint.ts'
import type { Health } from './health.ts'
import { gravest, type NoticeRef } from './notice-ref.ts'
import { type Begin, planOf } from './plan.ts'
import { channelWith, endpointOf } from './testing/receivers.ts'

const now = 1_000_000_000_000
const hourMs = 3_600_000
const at = (afterMs: number): EpochMs => (now + afterMs) as EpochMs

type Named = {
  readonly alert: string
  readonly severity?: AlertSeverity
  readonly summary?: string
}
type Setup = {
  readonly channel?: Partial<Channel>
  /** In the order in which they came. */
  readonly waiting?: readonly Named[]
  /** Named by their alerts. `dueAfterMs`: from now. */
  readonly open?: readonly (Named & {
    readonly dueAfterMs?: number
    readonly turn?: number
    readonly alerts?: readonly string[]
  } & Pick<Partial<OpenMessage>, 'asked' | 'attempts' | 'underWay'>)[]
  /** When each was told last, from now. */
  readonly renewed?: readonly (Named & { readonly renewedAfterMs: number })[]
  readonly health?: Partial<Omit<Health, 'holdUntilMs'>> & { readonly holdAfterMs?: number }
  readonly beganAfterMs?: number
  readonly gatherAfterMs?: number
}

const refOf = ({
  alert,
  severity = 'warning',
  summary = null,
}: { readonly summary?: string | null } & Omit<Named, 'summary'>): NoticeRef => ({
  ...{
    alertId: alert,
    status: 'firing',
    repeat: 0,
    tenant: 'acme',
    rule: 'r',
    severity,
    retracted: false,
    summary,
  },
})

function endpointIn({
  channel,
  waiting = [],
  open = [],
  renewed = [],
  health,
  beganAfterMs,
  gatherAfterMs,
}: Setup): Endpoint {
  const endpoint = new Endpoint('floor', {
    config: endpointOf('floor'),
    channel: channelWith(channel),
  })
  const { holdAfterMs, ...known } = health ?? {}
  endpoint.health = {
    ...endpoint.health,
    ...known,
    holdUntilMs: holdAfterMs === undefined ? (0 as EpochMs) : at(holdAfterMs),
  }
  endpoint.lastBeganMs = beganAfterMs === undefined ? null : at(beganAfterMs)
  endpoint.gatherUntilMs = gatherAfterMs === undefined ? 0 : at(gatherAfterMs)
  for (const one of waiting)
    endpoint.queue.add({ ref: refOf(one), seq: ++endpoint.seq, received: 'no' })
  for (const {
    alert,
    alerts = [alert],
    severity,
    dueAfterMs = 0,
    turn = ++endpoint.seq,
    ...flags
  } of open) {
    const refs = alerts.map((one) => refOf({ alert: one, severity }))
    const message: OpenMessage = {
      ...{
        id: alert,
        turn,
        refs,
        gravity: gravest(refs),
        test: false,
        isRenewal: false,
        attempts: 1,
        dueMs: at(dueAfterMs),
      },
      ...{ asked: false, unsure: false, underWay: false, ...flags },
    }
    endpoint.hold(message)
    if (message.underWay) endpoint.began(message)
  }
  for (const { renewedAfterMs, ...one } of renewed)
    endpoint.renewed.add({ ref: refOf(one), renewedMs: at(renewedAfterMs), untilMs: null })
  return endpoint
}

function said(begin: Begin): string {
  if (begin.kind === 'again') return `again ${begin.message.id}`
  const refs = (begin.kind === 'fresh' ? begin.waiting : begin.alerts).map(({ ref }) => ref.alertId)
  return `${begin.kind} ${refs.join(' ')}`
}

/** What begins now, and how long from now to look again. */
function planned(setup: Setup) {
  const { begins, nextMs } = planOf(endpointIn(setup), at(0))
  return { begins: begins.map(said), afterMs: nextMs === null ? null : nextMs - now }
}

const waiting = (...alerts: readonly string[]): readonly Named[] =>
  alerts.map((alert) => ({ alert }))
const again = { alert: 'a' } as const

test('nothing waits: nothing begins, and nothing is to be looked at', () => {
  expect(planned({})).toEqual({ begins: [], afterMs: null })
  expect(planned({ channel: { gapMs: 500 }, beganAfterMs: -1 })).toEqual({
    begins: [],
    afterMs: null,
  })
})

test('an endpoint that is not configured any more is sent nothing', () => {
  const endpoint = new Endpoint('floor', null)
  endpoint.queue.add({ ref: refOf(again), seq: 1, received: 'no' })
  expect(planOf(endpoint, at(0))).toEqual({ begins: [], nextMs: null })
})

test.each<{ rule: string; setup: Setup; afterMs: number | null }>([
  { rule: 'while nothing waits, nothing is looked at', setup: {}, afterMs: null },
  { rule: 'what waits is looked at when that ends', setup: { waiting: waiting('a') }, afterMs: 7 },
  { rule: 'so is what was tried before', setup: { open: [again] }, afterMs: 7 },
  {
    rule: 'so is what is told again',
    setup: { channel: { renewMs: 9 }, renewed: [{ alert: 'a', renewedAfterMs: -9 }] },
    afterMs: 7,
  },
  {
    rule: 'what is under way ends by itself',
    setup: { open: [{ alert: 'a', underWay: true }] },
    afterMs: null,
  },
  {
    rule: 'what waits for the end of that does too',
    setup: {
      open: [
        { alert: 'a', underWay: true },
        { alert: 'b', alerts: ['a', 'b'] },
      ],
    },
    afterMs: null,
  },
])('an endpoint that is held begins nothing: $rule', ({ setup, afterMs }) => {
  expect(planned({ ...setup, health: { holdAfterMs: 7 } })).toEqual({ begins: [], afterMs })
})

test('what a person asked for begins all the same, while an endpoint is held or disabled', () => {
  const open = [{ alert: 'a' }, { alert: 'b', asked: true, dueAfterMs: 5_000 }]
  expect(planned({ open, health: { holdAfterMs: 7 } })).toEqual({ begins: ['again b'], afterMs: 7 })
  expect(planned({ open, health: { state: 'disabled' } })).toEqual({
    begins: ['again b'],
    afterMs: null,
  })
})

test('a disabled endpoint is looked at when something is asked, not before', () => {
  expect(planned({ open: [again], waiting: waiting('b'), health: { state: 'disabled' } })).toEqual({
    begins: [],
    afterMs: null,
  })
})

test.each<{
  rule: string
  beganAfterMs: number
  begins: readonly string[]
  afterMs: number | null
}>([
  {
    rule: 'within the gap nothing begins, and it is looked at when the gap ends',
    beganAfterMs: -499,
    begins: [],
    afterMs: 1,
  },
  {
    rule: 'when it ends one begins, however many may be under way',
    beganAfterMs: -500,
    begins: ['fresh a'],
    afterMs: null,
  },
  {
    rule: 'a clock that was put back lengthens no gap',
    beganAfterMs: 60_000,
    begins: [],
    afterMs: 500,
  },
])('$rule', ({ beganAfterMs, begins, afterMs }) => {
  expect(
    planned({ channel: { gapMs: 500, parallel: 8 }, waiting: waiting('a', 'b'), beganAfterMs }),
  ).toEqual({ begins, afterMs })
})

test.each([
  { underWay: 0, begins: ['fresh a', 'fresh b'] },
  { underWay: 1, begins: ['fresh a'] },
  { underWay: 2, begins: [] },
  { underWay: 3, begins: [] },
])('with $underWay of 2 under way the rest begins', ({ underWay, begins }) => {
  const open = Array.from({ length: underWay }, (_, number) => ({
    alert: `under way ${number}`,
    underWay: true,
  }))
  expect(
    planned({ channel: { parallel: 2 }, open, waiting: waiting('a', 'b', 'c') }).begins,
  ).toEqual(begins)
})

test('what is not due begins when it is, and the earliest says when to look again', () => {
  const open = [
    { alert: 'a', dueAfterMs: 0 },
    { alert: 'b', dueAfterMs: 9 },
    { alert: 'c', dueAfterMs: 1 },
  ]
  expect(planned({ open })).toEqual({ begins: ['again a'], afterMs: 1 })
})

test('the gravest first, of those the oldest, whether they were tried before or not', () => {
  const setup: Setup = {
    waiting: [
      { alert: 'first' },
      { alert: 'grave', severity: 'critical' },
      { alert: 'light', severity: 'info' },
    ],
    open: [
      { alert: 'last', turn: 9 },
      { alert: 'older', turn: 0 },
      { alert: 'gravest', severity: 'critical', turn: 1 },
      { alert: 'lightest', severity: 'info', turn: 8 },
    ],
  }
  const begins = [
    'again gravest',
    'fresh grave',
    'again older',
    'fresh first',
    'again last',
    'fresh light',
    'again lightest',
  ]
  expect(planned(setup).begins).toEqual(begins)
})

test.each([
  {
    rule: 'what was never tried goes before what failed',
    setup: { waiting: waiting('new'), open: [{ alert: 'old', severity: 'critical', turn: 0 }] },
    begins: ['fresh new'],
  },
  {
    rule: 'then what was tried least',
    setup: {
      open: [
        { alert: 'grave', severity: 'critical', attempts: 3 },
        { alert: 'light', severity: 'info', attempts: 2 },
      ],
    },
    begins: ['again light'],
  },
  {
    rule: 'of those the gravest',
    setup: {
      open: [
        { alert: 'light', severity: 'info' },
        { alert: 'grave', severity: 'critical' },
      ],
    },
    begins: ['again grave'],
  },
  {
    rule: 'of those the oldest',
    setup: {
      open: [
        { alert: 'young', turn: 5 },
        { alert: 'old', turn: 4 },
      ],
    },
    begins: ['again old'],
  },
  {
    rule: 'what is told again goes last',
    setup: {
      channel: { renewMs: 9 },
      open: [again],
      renewed: [{ alert: 'b', renewedAfterMs: -9 }],
    },
    begins: ['again a'],
  },
  {
    rule: 'and one message of it',
    setup: {
      channel: { renewMs: 9 },
      renewed: [
        { alert: 'a', renewedAfterMs: -9 },
        { alert: 'b', renewedAfterMs: -9 },
      ],
    },
    begins: ['renew a'],
  },
  {
    rule: 'nothing while one is under way',
    setup: { open: [{ alert: 'a', underWay: true }], waiting: waiting('b') },
    begins: [],
  },
  {
    rule: 'nothing beside what a person asked for',
    setup: { open: [{ alert: 'a', asked: true }], waiting: waiting('b') },
    begins: ['again a'],
  },
] satisfies readonly { rule: string; setup: Setup; begins: readonly string[] }[])(
  'one by one while it is probed: $rule',
  ({ setup, begins }) => {
    expect(planned({ ...setup, health: { state: 'failing', rounds: 2 } }).begins).toEqual(begins)
  },
)

test('after one round of failures it is not probed', () => {
  expect(
    planned({ waiting: waiting('a', 'b'), health: { state: 'failing', rounds: 1 } }).begins,
  ).toEqual(['fresh a', 'fresh b'])
})

test('no two requests under way are about one alert, asked for or not', () => {
  const under = { alert: 'x', underWay: true }
  const about = (alert: string, alerts: readonly string[], asked = false) => ({
    alert,
    alerts,
    asked,
  })
  expect(
    planned({
      open: [under, about('m', ['x', 'y'], true), about('n', ['y', 'z']), about('o', ['z'])],
    }).begins,
  ).toEqual(['again n'])
  expect(
    planned({ open: [about('m', ['y']), about('n', ['y', 'z']), about('o', ['z'])] }).begins,
  ).toEqual(['again m', 'again o'])
})

test('what a message holds waits for that, though a newer state of it came', () => {
  expect(planned({ open: [{ alert: 'a', dueAfterMs: 5 }], waiting: waiting('a', 'b') })).toEqual({
    begins: ['fresh b'],
    afterMs: 5,
  })
})

test('as many notices go in one message as the channel takes', () => {
  expect(planned({ channel: { noticesMax: 2 }, waiting: waiting('a', 'b', 'c') }).begins).toEqual([
    'fresh a b',
    'fresh c',
  ])
})

test.each([
  { rule: 'gathered, it waits', gatherAfterMs: 1, begins: ['fresh a b'], afterMs: 1 },
  {
    rule: 'then it is one message, however many it is',
    gatherAfterMs: 0,
    begins: ['fresh a', 'fresh s t u', 'fresh b'],
    afterMs: null,
  },
  {
    rule: 'a clock that was put back lengthens nothing',
    gatherAfterMs: 60_000,
    begins: ['fresh a b'],
    afterMs: 3_000,
  },
])('what was found late is told in a summary: $rule', ({ gatherAfterMs, begins, afterMs }) => {
  const late = (alert: string): Named => ({ alert, summary: 'late' })
  const setup: Setup = {
    channel: { noticesMax: 2 },
    waiting: [{ alert: 'a' }, late('s'), { alert: 'b' }, late('t'), late('u')],
  }
  expect(planned({ ...setup, gatherAfterMs })).toEqual({ begins, afterMs })
})

test('one summary holds a thousand', () => {
  const late = Array.from({ length: 1_001 }, (_, number) => ({
    alert: String(number),
    summary: 'late',
  }))
  const { begins } = planOf(endpointIn({ waiting: late }), at(0))
  expect(begins.map((begin) => (begin.kind === 'fresh' ? begin.waiting.length : 0))).toEqual([
    1_000,
  ])
})

test.each<{
  rule: string
  renewedAfterMs: readonly number[]
  begins: readonly string[]
  afterMs: number | null
}>([
  { rule: 'not before it is due', renewedAfterMs: [-89, -80], begins: [], afterMs: 1 },
  {
    rule: 'when it is, in messages as large as the channel takes',
    renewedAfterMs: [-92, -91, -90, -85],
    begins: ['renew 0 1', 'renew 2'],
    afterMs: 5,
  },
  {
    rule: 'as many as may be under way',
    renewedAfterMs: [-90, -90, -90, -90, -90],
    begins: ['renew 0 1', 'renew 2 3'],
    afterMs: null,
  },
  {
    rule: 'a clock that was put back lets nothing wait for longer',
    renewedAfterMs: [60_000],
    begins: [],
    afterMs: 90,
  },
])('what was taken in is told again: $rule', ({ renewedAfterMs, begins, afterMs }) => {
  const renewed = renewedAfterMs.map((afterMs_, number) => ({
    alert: String(number),
    renewedAfterMs: afterMs_,
  }))
  expect(planned({ channel: { renewMs: 90, noticesMax: 2, parallel: 2 }, renewed })).toEqual({
    begins,
    afterMs,
  })
})

test('told again is only what no newer state waits for and no message holds, and after all else', () => {
  const channel = { renewMs: 90, parallel: 3 }
  const renewed = ['a', 'b', 'c', 'd', 'e'].map((alert) => ({ alert, renewedAfterMs: -90 }))
  expect(
    planned({ channel, renewed, waiting: waiting('a'), open: [{ alert: 'b' }] }).begins,
  ).toEqual(['fresh a', 'again b', 'renew c'])
  expect(planned({ renewed }).begins).toEqual([])
})

test('a clock that was put back holds an endpoint and its messages for no more than an hour', () => {
  expect(planned({ waiting: waiting('a'), health: { holdAfterMs: 2 * hourMs } }).afterMs).toBe(
    hourMs,
  )
  expect(planned({ open: [{ alert: 'a', dueAfterMs: 2 * hourMs }] }).afterMs).toBe(hourMs)
})
