import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { embeddedStateStore, realTimer, type StateStore } from '@deskpulse/stream'
import type { EpochMs } from '@deskpulse/core/time'
import { expect, onTestFinished, test, vi } from 'vitest'
import { ledgerOn, recordEndingAt } from '../partition/testing/ledger-on.ts'
import { noticeOf } from '../testing/notices.ts'
import { openDelivery } from './delivery.ts'
import { readDeliveries, readDelivery, readEndpoint, readNotified } from './reading.ts'
import { answered, channelWith, endpointOf, Receivers } from './testing/receivers.ts'
import { noticeTo, partition, Rig } from './testing/rig.ts'
import { VirtualClock } from './testing/virtual-clock.ts'

async function openStore(): Promise<StateStore> {
  const folder = mkdtempSync(join(tmpdir(), 'deskpulse-delivery-'))
  const store = await embeddedStateStore({ file: join(folder, 'alerts.sqlite') })
  onTestFinished(async () => {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return store
}

test('what a delivery role writes through the ledger of a store, readers of that store see', async () => {
  const store = await openStore()
  const nowMs = (): EpochMs => Date.now() as EpochMs
  const ledger = ledgerOn(store, await store.acquire(partition), { nowMs })
  const clock = new VirtualClock()
  const receivers = new Receivers(clock)
  receivers.replyOf = ({ alertIds }) => answered(alertIds.includes('a') ? 200 : 410, 0)
  const telemetry = {
    attempted: () => {},
    overflowed: () => {},
    notRenewed: () => {},
    disabled: () => {},
    enabled: () => {},
    broken: vi.fn<() => void>(),
  }
  const delivery = openDelivery({
    ...{
      partition,
      endpoints: [endpointOf('floor')],
      channelOf: () => channelWith({ parallel: 1 }),
      topics: { alerts: 'alerts' },
    },
    canTell: () => Promise.resolve(true),
    ...{
      sender: receivers.sender(() => true),
      nowMs,
      random: () => 0.5,
      timer: realTimer,
      telemetry,
      limits: { gatherMs: 0 },
    },
  })
  await delivery.start(ledger, { createdMs: clock.nowMs(), wasCaughtUp: true })
  await delivery.begin()
  const give = ['a', 'b', 'c'].map((alertId) => noticeTo('floor', { alertId, severity: 'info' }))
  const taking = ledger.intake(recordEndingAt(3), async (reads) => {
    const { change, taken } = await delivery.take(give, reads)
    return { change, result: taken }
  })
  ;(await taking)()
  const passing = setInterval(() => void clock.pass(1), 1)
  onTestFinished(() => clearInterval(passing))

  await vi.waitUntil(
    async () => (await readEndpoint(store, partition, 'floor'))?.state === 'disabled',
  )
  await delivery.stop()
  expect(telemetry.broken).not.toHaveBeenCalled()
  expect(await readEndpoint(store, partition, 'floor')).toMatchObject({
    waiting: 1,
    open: 1,
    disabled: { reason: 'gone' },
  })
  const deliveries = await readDeliveries(store, partition, 'floor')
  expect(deliveries).toMatchObject([
    { status: 'disabled', notices: [{ alertId: 'b' }] },
    { status: 'delivered', notices: [{ alertId: 'a', rule: noticeOf().rule, tenant: 'acme' }] },
  ])
  expect(await readDeliveries(store, partition, 'floor', 1)).toEqual(deliveries.slice(0, 1))
  expect(await readDelivery(store, partition, 'floor', deliveries[1]!.id)).toEqual(deliveries[1])
  const notified = await readNotified(store, partition, 'floor', ['a', 'b', 'c', 'd'])
  expect(
    [...notified].map(([alertId, { received, entries }]) => [alertId, received, entries[0]!.state]),
  ).toEqual([
    ['a', 'yes', 'delivered'],
    ['b', 'no', 'disabled'],
    ['c', 'no', 'waiting'],
  ])
  const stored = await store.readOutbox(partition, 10)
  expect(stored.map(({ entry: { id, key, topic } }) => ({ id, key, topic }))).toEqual([
    { id: `floor/${deliveries[1]!.id}/delivered`, key: 'floor', topic: 'alerts' },
    {
      id: expect.stringMatching(/^post\/floor\/\d+\/firing$/),
      key: '_installation',
      topic: 'alerts',
    },
  ])
})

test('a delivery waits until its first attempt has failed; then it is failing, also while it is tried again', async () => {
  const rig = new Rig()
  rig.receivers.replyOf = () => answered(503, 1_000)
  await rig.start()
  await rig.tell('floor', { alertId: 'a' })
  const seen: string[] = []
  for (const passMs of [500, 600, ...Array.from({ length: 20 }, () => 500)]) {
    await rig.clock.pass(passMs)
    const [delivery] = await readDeliveries(rig.store(), partition, 'floor')
    const { status, attempts } = delivery!
    seen.push(`${status} ${attempts.map(({ outcome }) => outcome ?? 'under way').join(', ')}`)
  }
  expect(seen[0]).toBe('waiting under way')
  expect(new Set(seen.slice(1).map((one) => one.split(' ')[0]))).toEqual(new Set(['failing']))
  expect(seen).toContainEqual(expect.stringMatching(/^failing (failed|refused), under way$/))
})

test('of what is not there nothing is read', async () => {
  const store = await openStore()
  expect(await readEndpoint(store, partition, 'none')).toBeNull()
  expect(await readDeliveries(store, partition, 'none')).toEqual([])
  expect(await readDelivery(store, partition, 'none', 'msg_none')).toBeNull()
  expect(await readNotified(store, partition, 'none', ['a'])).toEqual(new Map())
})

test('an endpoint says until when it is left alone, when it was last sent something, and what waits for it', async () => {
  const rig = new Rig()
  await rig.start()
  expect(await readEndpoint(rig.store(), partition, 'floor')).toMatchObject({
    holdUntilMs: null,
    lastSentMs: null,
    waiting: 0,
    open: 0,
  })
  rig.receivers.replyOf = () => answered(429, 5, { 'retry-after': '20' })
  await rig.tell('floor', { alertId: '1'.repeat(32) })
  const sentMs = rig.clock.atMs
  await rig.clock.pass(100)
  await rig.tell('floor', { alertId: '2'.repeat(32) })
  expect(await readEndpoint(rig.store(), partition, 'floor')).toMatchObject({
    ...{
      state: 'failing',
      holdUntilMs: sentMs + 5 + 20_000,
      lastSentMs: sentMs,
      waiting: 1,
      open: 1,
    },
  })
})
