import { expect, test } from 'vitest'
import { readDeliveries, readEndpoint, readNotified } from './reading.ts'
import { answered, channelWith, endpointOf, failed } from './testing/receivers.ts'
import { noticeTo, partition, resolved, Rig, type RigOptions } from './testing/rig.ts'

const alert = (n: number): string => n.toString(16).padStart(32, '0')
const hourMs = 3_600_000
/** Of the first alert of an endpoint that is met when a rig begins: one above the second of that. */
const firstNumber = Date.parse('2026-03-02T01:00:00Z') / 1_000 + 1

async function started(options: RigOptions = {}): Promise<Rig> {
  const rig = new Rig(options)
  await rig.start()
  return rig
}

/** An endpoint that said 410 to one message and is disabled. */
async function disabled(options: RigOptions = {}): Promise<Rig> {
  const rig = await started(options)
  rig.receivers.replyOf = () => answered(410)
  await rig.tell('floor', { alertId: alert(0) })
  await rig.clock.pass(100)
  rig.receivers.replyOf = () => answered(200)
  return rig
}

const stateOf = async (rig: Rig) => (await readEndpoint(rig.store(), partition, 'floor'))?.state

test('an endpoint that fails for an hour is disabled, which is an alert of the installation', async () => {
  const rig = await started()
  rig.receivers.replyOf = () => failed('connection-failed')
  const beganMs = rig.clock.atMs
  await rig.tell('floor', { alertId: alert(0) })
  await rig.clock.pass(hourMs)
  expect(await stateOf(rig)).toBe('failing')
  await rig.clock.pass(6 * 60_000)
  expect(await stateOf(rig)).toBe('disabled')
  expect(rig.receivers.got.length).toBeGreaterThanOrEqual(10)
  const disabledMs = rig.receivers.got.at(-1)!.endedMs
  expect(rig.transitions()).toMatchObject([
    {
      ...{
        tenant: '_installation',
        rule: 'endpoint-disabled',
        subject: 'endpoint/floor',
        number: firstNumber,
        status: 'firing',
        end: null,
      },
      ...{ sinceMs: beganMs + 5, startedMs: disabledMs, endedMs: null, late: false },
    },
  ])
  const before = rig.receivers.got.length
  await rig.clock.pass(24 * hourMs)
  expect(rig.receivers.got).toHaveLength(before)
  expect((await readDeliveries(rig.store(), partition, 'floor'))[0]).toMatchObject({
    status: 'disabled',
    notices: [{ alertId: alert(0) }],
  })
})

test('who wants no more gets no more', async () => {
  const rig = await disabled()
  await rig.tell('floor', { alertId: alert(1) })
  await rig.clock.pass(24 * hourMs)
  expect(rig.receivers.got).toHaveLength(1)
  expect((await readEndpoint(rig.store(), partition, 'floor'))?.disabled).toMatchObject({
    reason: 'gone',
    detail: 'no more',
  })
})

test('what waited while it was disabled goes out when it is enabled, coalesced, and the alert ends', async () => {
  const rig = await disabled()
  await rig.give(noticeTo('floor', { alertId: alert(1) }), noticeTo('floor', { alertId: alert(2) }))
  await rig.tell('floor', { alertId: alert(1), ...resolved })
  await rig.clock.pass(hourMs)
  await rig.ask({ kind: 'enable-endpoint', endpoint: 'floor' })
  await rig.clock.pass(1_000)
  expect(rig.receivers.got.slice(1).flatMap(({ keys }) => keys)).toEqual([
    `${alert(0)}/firing/0`,
    `${alert(2)}/firing/0`,
    `${alert(1)}/resolved/0`,
  ])
  expect(rig.receivers.got[1]!.id).toBe(rig.receivers.got[0]!.id)
  expect(rig.transitions()).toMatchObject([
    { status: 'firing', number: firstNumber },
    { status: 'resolved', number: firstNumber, end: 'over', endedMs: rig.clock.atMs - 1_000 },
  ])
  expect(await stateOf(rig)).toBe('healthy')
})

test('each time that it is disabled is an alert of its own, and a command that comes again is none', async () => {
  const rig = await disabled()
  for (let time = 2; time <= 4; time++) {
    await rig.ask({ kind: 'enable-endpoint', endpoint: 'floor' })
    await rig.clock.pass(1_000)
    rig.receivers.replyOf = () => answered(410)
    await rig.tell('floor', { alertId: alert(time) })
    await rig.clock.pass(1_000)
    await rig.repeatLast(2)
    await rig.clock.pass(1_000)
    rig.receivers.replyOf = () => answered(200)
  }
  expect(
    rig.transitions().map(({ number, status }) => `${number - firstNumber + 1} ${status}`),
  ).toEqual(
    [1, 2, 3].flatMap((number) => [`${number} firing`, `${number} resolved`]).concat('4 firing'),
  )
  const ids = rig.disk.out.map(({ id }) => id).filter((id) => id.startsWith('post/'))
  expect(new Set(ids).size).toBe(7)
})

test('a store that was lost numbers no alert as it did before: the topic may hold that, and that it is over', async () => {
  const before = await disabled()
  await before.clock.pass(hourMs)
  const after = new Rig()
  after.clock.atMs = before.clock.atMs
  after.receivers.replyOf = () => answered(410)
  await after.start()
  await after.tell('floor', { alertId: alert(0) })
  await after.clock.pass(100)
  expect(after.transitions()[0]!.number).toBeGreaterThan(before.transitions()[0]!.number)
})

test('another address makes it another endpoint: it is enabled', async () => {
  const rig = await disabled()
  rig.kill()
  await rig.start()
  await rig.clock.pass(1_000)
  expect(await stateOf(rig)).toBe('disabled')
  rig.kill()
  rig.endpoints = [endpointOf('floor', { url: 'https://hooks.example/new' })]
  await rig.start()
  await rig.clock.pass(1_000)
  expect(await stateOf(rig)).toBe('healthy')
  expect(rig.receivers.got).toHaveLength(2)
  expect(rig.transitions().at(-1)).toMatchObject({ status: 'resolved', number: firstNumber })
})

test('what was to be sent to an endpoint that is configured no more is given up, and listed', async () => {
  const rig = await disabled({ channel: channelWith() })
  await rig.give(
    ...Array.from({ length: 500 }, (_, at) => noticeTo('floor', { alertId: alert(at + 1) })),
  )
  rig.kill()
  rig.endpoints = [endpointOf('other')]
  await rig.start()
  await rig.clock.pass(1_000)
  const deliveries = await readDeliveries(rig.store(), partition, 'floor')
  expect(deliveries).toHaveLength(501)
  expect(new Set(deliveries.map(({ status, reason }) => `${status}: ${reason}`))).toEqual(
    new Set(['given-up: endpoint-removed']),
  )
  expect(rig.transitions().at(-1)).toMatchObject({ status: 'resolved', end: 'withdrawn' })
  expect([...rig.disk.records.keys()].filter((key) => key.startsWith('post:waiting:'))).toEqual([])
  expect([...rig.disk.lists.get('o:post:endpoints')!.keys()]).toEqual(['other'])
})

test('so is what still comes for it, and it begins anew when it is configured again', async () => {
  const rig = await started({ endpoints: [endpointOf('other')] })
  await rig.tell('floor', { alertId: alert(1) })
  await rig.clock.pass(1_000)
  expect(
    (await readNotified(rig.store(), partition, 'floor', [alert(1)])).get(alert(1))?.entries,
  ).toMatchObject([{ state: 'given-up' }])
  rig.kill()
  rig.endpoints = [endpointOf('floor')]
  await rig.start()
  await rig.give(noticeTo('floor', { alertId: alert(1) }), noticeTo('floor', { alertId: alert(2) }))
  await rig.clock.pass(1_000)
  expect(rig.receivers.got.map(({ keys }) => keys)).toEqual([[`${alert(2)}/firing/0`]])
})
