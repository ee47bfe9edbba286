import { afterAll, beforeAll, expect, test } from 'vitest'
import { startAlertmanager, type TestAlertmanager } from '../support/alertmanager.ts'
import { startEmbedded, type Embedded } from '../support/embedded.ts'
import { eventOf } from '../support/events.ts'
import { startSink, type Sink } from '../support/sink.ts'
import { until } from '../support/until.ts'

const tenant = 'acme'
const settings = { tenants: { [tenant]: { pseudonymise: { key: 'a secret of the tests' } } } }

type Notification = {
  readonly status: string
  readonly alerts: readonly { readonly status: string; readonly labels: Record<string, string> }[]
}

let sink: Sink
let alertmanager: TestAlertmanager
let product: Embedded
beforeAll(async () => {
  sink = await startSink()
  // Shorter than the test waits: what Deskpulse did not repeat would be resolved by Alertmanager itself.
  alertmanager = await startAlertmanager({ groupBy: ['rule', 'queue'], webhook: sink.url, resolveTimeout: '3s' })
  const endpoints = [{ name: 'alertmanager', kind: 'alertmanager', url: alertmanager.url }]
  const rules = [{ name: 'customer-waiting', limit: '1s' }]
  product = await startEmbedded({ ...settings, alerts: { allowPrivateAddresses: true, endpoints, rules } })
  await product.desk.caughtUp(tenant)
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
const replies = (contactId: string) => eventOf(tenant, 'message.sent', { contactId, from: 'agent', agentId: 'a-1' })

test('a real Alertmanager takes the alerts, groups them by their labels, keeps them while they fire, and resolves them', async () => {
  await product.desk.send(tenant, [...asks('c-1', 'billing'), ...asks('c-2', 'billing'), ...asks('c-3', 'sales')])
  const groups = await until(
    'three alerts in two groups',
    () => alertmanager.groups(),
    (all) => all.flatMap(({ alerts }) => alerts).length === 3,
  )
  expect(groups.map(({ labels, alerts }) => [labels, alerts.map(({ labels: { contact } }) => contact).toSorted()])).toEqual(
    expect.arrayContaining([
      [{ rule: 'customer-waiting', queue: 'billing' }, ['c-1', 'c-2']],
      [{ rule: 'customer-waiting', queue: 'sales' }, ['c-3']],
    ]),
  )
  const [alert] = groups.flatMap(({ alerts }) => alerts)
  expect(alert).toMatchObject({
    labels: { alertname: 'customer-waiting', tenant, severity: 'warning' },
    annotations: { summary: expect.stringContaining('c-') },
    status: { state: 'active' },
  })

  await product.desk.send(tenant, [replies('c-1'), replies('c-3')])
  await until(
    'one is left',
    () => alertmanager.alerts(),
    (all) => all.length === 1 && all[0]?.labels['contact'] === 'c-2',
  )
  const notified = (): readonly Notification[] => sink.bodies() as readonly Notification[]
  const resolved = (): readonly (string | undefined)[] =>
    notified().flatMap(({ alerts }) => alerts.filter(({ status }) => status === 'resolved').map(({ labels }) => labels['contact']))
  await until('Alertmanager told its receiver that two are resolved', resolved, (all) => new Set(all).size === 2)
  expect(new Set(resolved())).toEqual(new Set(['c-1', 'c-3']))
})
