import { type AlertRecord, decodeAlertRecord } from '@deskpulse/contract'
import { dayMs, type EpochMs } from '@deskpulse/core/time'
import { fromJsonBytes } from '@deskpulse/stream'
import { expect, test } from 'vitest'
import { noticeOf } from '../testing/notices.ts'
import {
  delivered,
  endDelivery,
  endedBy,
  listEnded,
  noteNotified,
  beginDelivery,
  type NotifiedNews,
} from './delivery-log.ts'
import { Endpoint } from './endpoint.ts'
import { sendEndpointAlert } from './endpoint-health.ts'
import { unknownHealth } from './health.ts'
import type { DeliveryLimits } from './limits.ts'
import { type NoticeRef, refOf } from './notice-ref.ts'
import { recordKeys, type NotifiedRecord } from './records.ts'
import { draftAt } from './testing/draft.ts'
import { channelWith, endpointOf } from './testing/receivers.ts'

const nowMs = 1_772_442_900_000 as EpochMs

function opened(limits: Partial<DeliveryLimits> = {}) {
  const draft = draftAt(nowMs, limits)
  const endpoint = new Endpoint('floor', {
    config: endpointOf('floor'),
    channel: channelWith({ noticesMax: 9 }),
  })
  const sent = (): readonly AlertRecord[] =>
    draft.change().out.map(({ bytes }) => decodeAlertRecord(bytes))
  return { draft, endpoint, sent }
}

const noticeNumber = (n: number) => noticeOf({ alertId: String(n).padStart(32, '0') })

async function notifiedAfter(
  ...news: readonly (Pick<NoticeRef, 'status' | 'repeat'> & Partial<NotifiedNews>)[]
) {
  const { draft, endpoint } = opened()
  const ref = refOf(noticeOf({}))
  const key = recordKeys.notified('floor', ref.alertId)
  for (const { status, repeat, ...rest } of news) {
    await noteNotified(
      draft,
      endpoint,
      { ...ref, status, repeat },
      { deliveryId: 'm', state: 'sending', ...rest },
    )
  }
  const put = draft.change().puts.find((one) => one.key === key)!
  return { notified: fromJsonBytes<NotifiedRecord>(put.bytes!), expiresInMs: put.expiresInMs }
}

test.each([
  { one: 'no', other: 'maybe', is: 'maybe' },
  { one: 'maybe', other: 'yes', is: 'yes' },
  { one: 'yes', other: 'maybe', is: 'yes' },
  { one: 'maybe', other: 'no', is: 'maybe' },
] as const)(
  'that an alert was taken in is never known less surely: $one, then $other is $is',
  async ({ one, other, is }) => {
    const state = { status: 'firing', repeat: 0 } as const
    expect(
      (await notifiedAfter({ ...state, received: one }, { ...state, received: other })).notified
        .received,
    ).toBe(is)
  },
)

test('each state of an alert is listed once, as it stands; the newest one is known whatever comes after it', async () => {
  const { notified, expiresInMs } = await notifiedAfter(
    { status: 'firing', repeat: 0, state: 'waiting', deliveryId: null },
    { status: 'firing', repeat: 1 },
    { status: 'firing', repeat: 0, state: 'delivered' },
  )
  expect(
    notified.entries.map(({ repeat, state, deliveryId }) => [repeat, state, deliveryId]),
  ).toEqual([
    [0, 'delivered', 'm'],
    [1, 'sending', 'm'],
  ])
  expect(notified.latest).toEqual({ status: 'firing', repeat: 1 })
  expect(expiresInMs).toBe(35 * dayMs)
})

test('of an alert the last twenty states are listed', async () => {
  const { notified } = await notifiedAfter(
    ...Array.from({ length: 23 }, (_, repeat) => ({ status: 'firing', repeat }) as const),
  )
  expect(notified.entries.map(({ repeat }) => repeat)).toEqual(
    Array.from({ length: 20 }, (_, n) => n + 3),
  )
})

test('past the limit the oldest messages that ended are forgotten; those that are open stay listed', async () => {
  const { draft, endpoint } = opened({ listedMax: 2 })
  const open = await beginDelivery(draft, endpoint, [noticeNumber(0)], {
    test: false,
    asked: false,
  })
  for (const n of [1, 2, 3])
    await listEnded(draft, endpoint, noticeNumber(n), endedBy('queue-full', nowMs))
  expect(endpoint.log).toHaveLength(2)
  expect(endpoint.log[0]).toBe(open.id)
  const kept = draft
    .change()
    .puts.filter(({ key, bytes }) => key.startsWith('post:delivery:') && bytes !== null)
  expect(kept).toHaveLength(2)
  const shown = draft
    .change()
    .lists.filter(({ key, score }) => key === 'o:post:log:floor' && score !== null)
  expect(shown.map(({ member }) => member)).toEqual(endpoint.log)
})

test('the list shows the newest message first, and a message that is made of the same notices again at its new place', async () => {
  const { draft, endpoint } = opened()
  for (const n of [1, 2, 1])
    await listEnded(draft, endpoint, noticeNumber(n), endedBy('queue-full', nowMs))
  const scores = draft.change().lists.filter(({ key }) => key === 'o:post:log:floor')
  const newestFirst = scores.toSorted((a, b) => a.score! - b.score!).map(({ member }) => member)
  expect(newestFirst).toEqual(endpoint.log.toReversed())
  expect(endpoint.log).toHaveLength(2)
})

test('that a message is done with is said on the topic, but not of a test, nor of what gave way', async () => {
  const { draft, endpoint, sent } = opened()
  const kinds = [
    { asked: false, test: false },
    { asked: true, test: true },
  ]
  for (const [n, kind] of kinds.entries()) {
    const message = await beginDelivery(draft, endpoint, [noticeNumber(n)], kind)
    await endDelivery(draft, endpoint, message, delivered(nowMs))
  }
  await listEnded(draft, endpoint, noticeNumber(8), {
    status: 'coalesced',
    reason: 'newer-state',
    endedMs: nowMs,
  })
  expect(sent()).toMatchObject([
    {
      kind: 'delivered',
      endpoint: 'floor',
      notices: [{ alertId: noticeNumber(0).alertId, status: 'firing' }],
    },
  ])
})

test('an endpoint that is disabled is an alert of the installation, since it has failed; enabled, it is over', () => {
  const { draft, sent } = opened()
  const [failingSinceMs, sinceMs] = [nowMs, (nowMs + 60_000) as EpochMs]
  const disabled = {
    ...unknownHealth,
    state: 'disabled',
    failingSinceMs,
    disabledCount: 4,
  } as const
  const health = { ...disabled, disabled: { sinceMs, reason: 'failing', detail: '' } } as const
  sendEndpointAlert(draft, 'floor', health, null)
  sendEndpointAlert(draft, 'floor', health, { atMs: (sinceMs + 5_000) as EpochMs, end: 'over' })
  sendEndpointAlert(draft, 'floor', { ...health, failingSinceMs: null }, null)
  const both = {
    tenant: '_installation',
    rule: 'endpoint-disabled',
    number: 4,
    severity: 'critical',
    late: false,
    limit: 3_600_000,
  }
  expect(sent().map((record) => record.kind === 'transition' && record.transition)).toMatchObject([
    {
      ...both,
      status: 'firing',
      sinceMs: failingSinceMs,
      startedMs: sinceMs,
      value: 60_000,
      endedMs: null,
      detectedMs: sinceMs,
    },
    {
      ...both,
      status: 'resolved',
      sinceMs: failingSinceMs,
      startedMs: sinceMs,
      value: 65_000,
      endedMs: sinceMs + 5_000,
      end: 'over',
    },
    { ...both, status: 'firing', sinceMs, startedMs: sinceMs, value: 0 },
  ])
  const ids = draft.change().out.map(({ id }) => id)
  expect(ids).toEqual(['post/floor/4/firing', 'post/floor/4/resolved', 'post/floor/4/firing'])
})
