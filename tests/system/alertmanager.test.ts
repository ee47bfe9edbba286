import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type ListedAlert,
  startAlertmanager,
  type TestAlertmanager,
} from '../support/alertmanager.ts'
import { startEmbedded, type Embedded } from '../support/embedded.ts'
import { eventOf } from '../support/events.ts'
import { startSink, type Sink } from '../support/sink.ts'
import { until } from '../support/until.ts'

const tenant = 'acme'
const settings = { tenants: { [tenant]: { pseudonymise: { key: 'a secret of the tests' } } } }

const resolveTimeoutMs = 2_000

type Notification = {
  readonly status: string
  readonly alerts: readonly { readonly status: string; readonly labels: Record<string, string> }[]
}

let sink: Sink
let alertmanager: TestAlertmanager
let product: Embedded
beforeAll(async () => {
  sink = await startSink()
  // Shorter than the tests wait: what does not say until when it is to be believed would be resolved by Alertmanager itself.
  alertmanager = await startAlertmanager({
    groupBy: ['rule', 'queue'],
    webhook: sink.url,
    resolveTimeout: `${resolveTimeoutMs}ms`,
  })
  const endpoints = [{ name: 'alertmanager', kind: 'alertmanager', url: alertmanager.url }]
  const rules = [{ name: 'customer-waiting', limit: '1s' }]
  product = await startEmbedded({
    ...settings,
    alerts: { allowPrivateAddresses: true, endpoints, rules },
  })
  await product.client.caughtUp(tenant)
})
afterAll(async () => {
  await product?.[Symbol.asyncDispose]()
  await alertmanager?.stop()
  await sink?.stop()
})

const asks = (contactId: string, queue: string) => [
  eventOf(tenant, 'contact.opened', { contactId, channel: 'chat', queue, customerId: contactId }),
  eventOf(tenant, 'message.sent', { contactId, from: 'customer' }),
]
const replies = (contactId: string) =>
  eventOf(tenant, 'message.sent', { contactId, from: 'agent', agentId: 'a-1' })

test('a real Alertmanager takes the alerts, groups them by their labels, keeps them while they fire, and resolves them', async () => {
  await product.client.send(tenant, [
    ...asks('c-1', 'billing'),
    ...asks('c-2', 'billing'),
    ...asks('c-3', 'sales'),
  ])
  const groups = await until(
    'three alerts in two groups',
    () => alertmanager.groups(),
    (all) => all.flatMap(({ alerts }) => alerts).length === 3,
  )
  expect(
    groups.map(({ labels, alerts }) => [
      labels,
      new Set(alerts.map(({ labels: { contact } }) => contact)),
    ]),
  ).toEqual(
    expect.arrayContaining([
      [{ rule: 'customer-waiting', queue: 'billing' }, new Set(['c-1', 'c-2'])],
      [{ rule: 'customer-waiting', queue: 'sales' }, new Set(['c-3'])],
    ]),
  )
  const [alert] = groups.flatMap(({ alerts }) => alerts)
  expect(alert).toMatchObject({
    labels: { alertname: 'customer-waiting', tenant, severity: 'warning' },
    annotations: { summary: expect.stringContaining('c-') },
    status: { state: 'active' },
  })

  const notified = (): readonly Notification[] => sink.bodies() as readonly Notification[]
  const toldOf = (wanted: string): ReadonlySet<string | undefined> =>
    new Set(
      notified().flatMap(({ alerts }) =>
        alerts.filter(({ status }) => status === wanted).map(({ labels }) => labels['contact']),
      ),
    )
  // What it did not tell its receiver as firing it does not tell as resolved.
  await until(
    'Alertmanager told its receiver that three fire',
    () => toldOf('firing'),
    ({ size }) => size === 3,
  )
  await product.client.send(tenant, [replies('c-1'), replies('c-3')])
  await until(
    'one is left',
    () => alertmanager.alerts(),
    (all) => all.length === 1 && all[0]?.labels['contact'] === 'c-2',
  )
  await until(
    'Alertmanager told its receiver that two are resolved',
    () => toldOf('resolved'),
    ({ size }) => size === 2,
  )
  expect(toldOf('resolved')).toEqual(new Set(['c-1', 'c-3']))
})

/** The one alert that is left of the test before. */
const theOneLeft = (): Promise<readonly ListedAlert[]> =>
  until(
    'Alertmanager knows that c-2 waits, and of nothing else',
    () => alertmanager.alerts(),
    (all) =>
      all.length === 1 && all[0]?.labels['contact'] === 'c-2' && all[0].status.state === 'active',
  )

test('what fires stays active beyond the resolve_timeout of Alertmanager', async () => {
  const [before] = await theOneLeft()
  const passed = (): number => Date.now() - Date.parse(before!.startsAt)
  await until('the resolve_timeout has passed twice', passed, (ms) => ms > 2 * resolveTimeoutMs)
  const [after] = await alertmanager.alerts()
  expect(after).toMatchObject({ labels: { contact: 'c-2' }, status: { state: 'active' } })
  expect(Date.parse(after!.endsAt) - Date.now()).toBeGreaterThan(10 * 60_000)
})

test('an Alertmanager that has lost everything is told again what fires: by who starts, and when a person enables it', async () => {
  const [before] = await theOneLeft()
  await alertmanager.restartEmpty()
  expect(await alertmanager.alerts()).toEqual([])
  await product.service.end('SIGKILL')
  await product.service.start()
  const [after] = await theOneLeft()
  expect([after!.labels, after!.startsAt]).toEqual([before!.labels, before!.startsAt])

  await alertmanager.restartEmpty()
  expect(await alertmanager.alerts()).toEqual([])
  const response = await fetch(
    new URL('/v1/alert-endpoints/alertmanager/enable', product.service.url),
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ author: 'Li' }),
    },
  )
  expect(response.status).toBe(202)
  await theOneLeft()

  await product.client.send(tenant, [replies('c-2')])
  await until(
    'nothing fires',
    () => alertmanager.alerts(),
    (all) => all.length === 0,
  )
})
