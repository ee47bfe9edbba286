import type { Notice } from '@deskpulse/contract'
import type { EpochMs } from '@deskpulse/core/time'
import { describe, expect, test } from 'vitest'
import { endedOf, endpointOf, groupOf, noticeOf } from '../testing/notices.ts'
import { alertmanager, alertmanagerRenewMs } from './alertmanager.ts'

const nowMs = Date.parse('2026-03-02T01:05:00.000Z') as EpochMs

type Posted = {
  readonly labels: Record<string, string>
  readonly startsAt: string
  readonly endsAt: string
  readonly generatorURL?: string
}

function posted(notices: readonly Notice[], atMs = nowMs): readonly Posted[] {
  return JSON.parse(
    alertmanager.request(endpointOf('alertmanager'), { id: 'msg_1', notices }, atMs).body,
  ) as readonly Posted[]
}

describe('the address', () => {
  test.each([
    { url: 'http://am.example:9093', target: 'http://am.example:9093/api/v2/alerts' },
    { url: 'http://am.example:9093/', target: 'http://am.example:9093/api/v2/alerts' },
    { url: 'https://am.example/prefix//', target: 'https://am.example/prefix/api/v2/alerts' },
    { url: 'http://am.example/api/v2/alerts', target: 'http://am.example/api/v2/alerts' },
    { url: 'http://am.example/api/v2/alerts/', target: 'http://am.example/api/v2/alerts' },
  ])('$url: $target', ({ url, target }) => {
    expect(
      alertmanager.request(
        endpointOf('alertmanager', { url }),
        { id: 'msg_1', notices: [noticeOf()] },
        nowMs,
      ).url,
    ).toBe(target)
  })
})

test('a firing alert is believed until four repeats could have come', () => {
  const [alert] = posted([noticeOf()])
  expect(alert!.startsAt).toBe('2026-03-02T01:00:57.017Z')
  expect(Date.parse(alert!.endsAt) - nowMs).toBe(4 * alertmanagerRenewMs)
  expect(alertmanager.renewMs).toBe(alertmanagerRenewMs)
})

test('a repeat moves the end and changes no label: it is the same alert', () => {
  const [first] = posted([noticeOf()])
  const [repeat] = posted(
    [noticeOf({ repeat: 3, acknowledgedBy: 'lin' })],
    (nowMs + alertmanagerRenewMs) as EpochMs,
  )
  expect(repeat!.labels).toEqual(first!.labels)
  expect(Date.parse(repeat!.endsAt) - Date.parse(first!.endsAt)).toBe(alertmanagerRenewMs)
})

test.each([
  {
    notice: endedOf('over'),
    endsAt: '2026-03-02T01:01:42.017Z',
    rule: 'one that is over ended when it did',
  },
  {
    notice: endedOf('retracted'),
    endsAt: '2026-03-02T01:00:57.017Z',
    rule: 'one that was retracted ended when it began',
  },
  {
    notice: endedOf('over', { endedMs: 0 as EpochMs }),
    endsAt: '2026-03-02T01:00:57.017Z',
    rule: 'none ends before it began: Alertmanager refuses that',
  },
])('$rule', ({ notice, endsAt }) => {
  expect(posted([notice])[0]!.endsAt).toBe(endsAt)
  expect(posted([notice])[0]!.labels).toEqual(posted([noticeOf()])[0]!.labels)
})

test('two alerts of one rule on one subject are two: a late word about the first ends not the second', () => {
  const [first, second] = posted([endedOf('over'), noticeOf({ alertId: 'f'.repeat(32) })])
  expect(first!.labels).not.toEqual(second!.labels)
})

test("a rule's labels stand under their names, made valid, and never in the place of the alert's own", () => {
  const labels = {
    team: 'floor',
    'cost-centre': '42',
    '1st': 'x',
    渠道: 'y',
    tenant: 'another',
    kpi: 'own',
    empty: '',
  }
  expect(
    posted([noticeOf({ labels, contactId: undefined, channel: undefined })])[0]!.labels,
  ).toEqual({
    team: 'floor',
    cost_centre: '42',
    _1st: 'x',
    __: 'y',
    alertname: 'customer-waiting',
    rule: 'customer-waiting',
    tenant: 'acme',
    kpi: 'own',
    severity: 'warning',
    kind: 'deadline',
    slice: 'queue=billing',
    queue: 'billing',
    subject: 'contact/c-17',
    alert_id: '5f0c1d2e3a4b5c6d7e8f9a0b1c2d3e4f',
  })
})

test("the slice's dimensions are labels, decoded; the alert's own facts stand above them", () => {
  const slice = 'queue=b%3Dl,channel=chat'
  expect(
    posted([noticeOf({ slice, channel: 'voice', labels: { queue: 'own' } })])[0]!.labels,
  ).toMatchObject({
    slice,
    queue: 'b=l',
    channel: 'voice',
  })
  expect(posted([noticeOf({ slice: 'all' })])[0]!.labels).not.toHaveProperty('queue')
})

test('a trial says that it is one, and ends by itself', () => {
  const [alert] = posted([noticeOf({ test: true })])
  expect(alert!.labels['test']).toBe('true')
  expect(Date.parse(alert!.endsAt) - nowMs).toBe(300_000)
})

test('without a public address there is no link', () => {
  expect(posted([noticeOf({ url: null })])[0]).not.toHaveProperty('generatorURL')
})

test('all alerts of a message are posted', () => {
  expect(posted(groupOf(200))).toHaveLength(200)
})
