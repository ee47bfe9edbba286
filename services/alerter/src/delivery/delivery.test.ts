import { expect, test } from 'vitest'
import { readDeliveries, readEndpoint, readNotified } from './reading.ts'
import { answered, channelWith, endpointOf, failed, never } from './testing/receivers.ts'
import { noticeTo, partition, resolved, Rig, type RigOptions } from './testing/rig.ts'

const alert = (n: number): string => n.toString(16).padStart(32, '0')

async function started(options: RigOptions = {}): Promise<Rig> {
  const rig = new Rig(options)
  await rig.start()
  return rig
}

test('a notice is sent at once, listed as delivered, and known by its alert', async () => {
  const rig = await started()
  await rig.tell('floor', { alertId: alert(1) })
  expect(rig.receivers.got).toMatchObject([
    { keys: [`${alert(1)}/firing/0`], beganMs: rig.clock.atMs },
  ])
  await rig.clock.pass(100)
  const [delivery] = await readDeliveries(rig.store(), partition, 'floor')
  expect(delivery).toMatchObject({
    id: rig.receivers.got[0]!.id,
    status: 'delivered',
    reason: null,
    attemptCount: 1,
  })
  expect(delivery!.attempts).toMatchObject([
    { number: 1, durationMs: 5, outcome: 'accepted', httpStatus: 200 },
  ])
  const notified = await readNotified(rig.store(), partition, 'floor', [alert(1), alert(2)])
  expect([...notified]).toMatchObject([
    [
      alert(1),
      {
        received: 'yes',
        entries: [{ status: 'firing', deliveryId: delivery!.id, state: 'delivered' }],
      },
    ],
  ])
  expect(rig.telemetry).toEqual([])
})

test('a notice that comes again changes nothing, while it waits, is under way, and after it was delivered', async () => {
  const rig = await started({ channel: channelWith({ parallel: 1 }) })
  rig.receivers.replyOf = () => answered(200, 1_000)
  const notices = [
    noticeTo('floor', { alertId: alert(1) }),
    noticeTo('floor', { alertId: alert(2) }),
  ]
  await rig.give(...notices, ...notices)
  await rig.give(...notices)
  await rig.clock.pass(5_000)
  await rig.give(...notices)
  await rig.clock.pass(5_000)
  expect(rig.receivers.got.map(({ keys }) => keys)).toEqual([
    [`${alert(1)}/firing/0`],
    [`${alert(2)}/firing/0`],
  ])
  expect(await readDeliveries(rig.store(), partition, 'floor')).toHaveLength(2)
})

test('a repeat is told; one that is older than what came is not', async () => {
  const rig = await started()
  await rig.tell('floor', { alertId: alert(1), repeat: 2 })
  await rig.tell('floor', { alertId: alert(1), repeat: 1 })
  await rig.clock.pass(100)
  await rig.tell('floor', { alertId: alert(1), repeat: 3 })
  await rig.clock.pass(100)
  await rig.tell('floor', { alertId: alert(1), ...resolved })
  await rig.clock.pass(100)
  await rig.tell('floor', { alertId: alert(1), repeat: 4 })
  await rig.clock.pass(100)
  expect(rig.receivers.got.flatMap(({ keys }) => keys)).toEqual(
    ['firing/2', 'firing/3', 'resolved/0'].map((state) => `${alert(1)}/${state}`),
  )
})

test('the gravest goes first, of those the oldest', async () => {
  const rig = await started({ channel: channelWith({ parallel: 1 }) })
  const severities = ['info', 'warning', 'info', 'critical', 'warning', 'critical'] as const
  await rig.give(noticeTo('floor', { alertId: alert(0) }))
  await rig.give(
    ...severities.map((severity, at) => noticeTo('floor', { alertId: alert(at + 1), severity })),
  )
  await rig.clock.pass(1_000)
  expect(rig.receivers.got.flatMap(({ alertIds }) => alertIds)).toEqual(
    [0, 4, 6, 2, 5, 1, 3].map(alert),
  )
})

test('a message holds no more than its channel takes, and begins a gap after the one before', async () => {
  const rig = await started({ channel: channelWith({ noticesMax: 4, gapMs: 3_000, parallel: 1 }) })
  await rig.give(
    ...Array.from({ length: 10 }, (_, at) => noticeTo('floor', { alertId: alert(at) })),
  )
  const beganMs = rig.clock.atMs
  await rig.clock.pass(20_000)
  expect(rig.receivers.got.map(({ keys }) => keys.length)).toEqual([4, 4, 2])
  expect(rig.receivers.got.map((one) => one.beganMs - beganMs)).toEqual([0, 3_000, 6_000])
})

test('the gap is kept over a crash, also when nobody knows when the last request began', async () => {
  const rig = await started({ channel: channelWith({ gapMs: 3_000, parallel: 1 }) })
  await rig.give(noticeTo('floor', { alertId: alert(1) }), noticeTo('floor', { alertId: alert(2) }))
  await rig.clock.pass(1_000)
  rig.kill()
  await rig.start()
  await rig.clock.pass(1_999)
  expect(rig.receivers.got).toHaveLength(1)
  await rig.clock.pass(1)
  expect(rig.receivers.got).toHaveLength(2) // And dies while it is under way.
  rig.kill()
  await rig.clock.pass(1_000)
  await rig.start()
  await rig.clock.pass(2_999)
  expect(rig.receivers.got).toHaveLength(2)
  await rig.clock.pass(1)
  expect(rig.receivers.got[2]!.id).toBe(rig.receivers.got[1]!.id)
})

test('no more messages are under way than the channel wants', async () => {
  const rig = await started({ channel: channelWith({ parallel: 3 }) })
  rig.receivers.replyOf = () => answered(200, 1_000)
  await rig.give(...Array.from({ length: 9 }, (_, at) => noticeTo('floor', { alertId: alert(at) })))
  await rig.clock.pass(999)
  expect(rig.receivers.got).toHaveLength(3)
  await rig.clock.pass(4_000)
  expect(rig.receivers.got).toHaveLength(9)
})

test('a message that fails is sent again under the same id until it is accepted, with growing pauses', async () => {
  const rig = await started()
  let left = 5
  rig.receivers.replyOf = () => (left-- > 0 ? answered(500) : answered(204))
  await rig.tell('floor', { alertId: alert(1) })
  await rig.clock.pass(120_000)
  const { got } = rig.receivers
  expect(new Set(got.map(({ id }) => id)).size).toBe(1)
  expect(got).toHaveLength(6)
  const pausesMs = got.slice(1).map(({ beganMs }, at) => beganMs - got[at]!.endedMs!)
  expect(pausesMs).toEqual([750, 1_500, 3_000, 6_000, 12_000])
  const [delivery] = await readDeliveries(rig.store(), partition, 'floor')
  expect(delivery).toMatchObject({ status: 'delivered', attemptCount: 6 })
})

test('a message that alone is refused delays no other', async () => {
  const rig = await started({ channel: channelWith({ parallel: 1 }) })
  rig.receivers.replyOf = ({ alertIds }) => answered(alertIds.includes(alert(0)) ? 400 : 200)
  await rig.tell('floor', { alertId: alert(0), severity: 'critical' })
  for (let n = 1; n <= 50; n++) {
    await rig.tell('floor', { alertId: alert(n), severity: 'info' })
    await rig.clock.pass(1_000)
    expect(
      rig.receivers.got.filter(
        ({ alertIds, reply }) => alertIds.includes(alert(n)) && reply !== null,
      ),
    ).toHaveLength(1)
  }
  const deliveries = await readDeliveries(rig.store(), partition, 'floor')
  expect(deliveries.find(({ status }) => status === 'failing')).toMatchObject({
    notices: [{ alertId: alert(0) }],
  })
  expect((await readEndpoint(rig.store(), partition, 'floor'))?.state).not.toBe('disabled')
})

test('an endpoint that fails as a whole is tried with one message at a time, and gets everything when it is back', async () => {
  const rig = await started()
  let isBack = false
  rig.receivers.replyOf = () => (isBack ? answered(200) : failed('connection-failed'))
  await rig.give(
    ...Array.from({ length: 200 }, (_, at) => noticeTo('floor', { alertId: alert(at) })),
  )
  await rig.clock.pass(10 * 60_000)
  expect(rig.receivers.got.length).toBeLessThan(50)
  isBack = true
  await rig.clock.pass(6 * 60_000)
  const accepted = rig.receivers.got
    .filter(({ reply }) => reply?.kind === 'answered')
    .flatMap(({ alertIds }) => alertIds)
  expect(accepted.toSorted()).toEqual(Array.from({ length: 200 }, (_, at) => alert(at)))
})

test('one slow and one failing endpoint delay no other', async () => {
  const rig = await started({
    endpoints: ['slow', 'failing', 'well'].map((name) => endpointOf(name)),
  })
  rig.receivers.replyOf = ({ endpoint }) =>
    endpoint === 'slow' ? never : endpoint === 'failing' ? answered(500) : answered(200)
  for (let n = 0; n < 30; n++) {
    await rig.give(
      ...['slow', 'failing', 'well'].map((name) => noticeTo(name, { alertId: alert(n) })),
    )
    expect(rig.receivers.to('well')).toHaveLength(n + 1)
    await rig.clock.pass(200)
  }
  expect(rig.receivers.to('slow')).toHaveLength(8)
})

test('a pause that the receiver asks for is kept', async () => {
  const rig = await started()
  rig.receivers.replyOf = () =>
    answered(rig.receivers.got.length > 1 ? 200 : 429, 0, { 'retry-after': '120' })
  await rig.tell('floor', { alertId: alert(1) })
  await rig.tell('floor', { alertId: alert(2) })
  await rig.clock.pass(119_999)
  expect(rig.receivers.got).toHaveLength(1)
  await rig.clock.pass(20)
  expect(rig.receivers.got).toHaveLength(3)
})

test('a message that its channel cannot form fails by itself', async () => {
  const rig = await started()
  rig.channel = {
    ...channelWith(),
    request: (config, message, nowMs) => {
      if (message.notices[0]!.alertId === alert(1)) throw new Error('no words')
      return channelWith().request(config, message, nowMs)
    },
  }
  rig.kill()
  await rig.start()
  await rig.give(noticeTo('floor', { alertId: alert(1) }), noticeTo('floor', { alertId: alert(2) }))
  await rig.clock.pass(100)
  const deliveries = await readDeliveries(rig.store(), partition, 'floor')
  expect(deliveries.map(({ status }) => status)).toEqual(['delivered', 'failing'])
  expect(deliveries[1]!.attempts[0]).toMatchObject({
    outcome: 'failed',
    reason: 'not-formed',
    detail: 'Error: no words',
  })
})

test('a thousand notices at eight a time need far fewer than two thousand commits', async () => {
  const rig = await started({ commitMs: 1 })
  rig.receivers.replyOf = ({ id }) => answered(200, 5 + (Number.parseInt(id.slice(-2), 16) % 20))
  await rig.give(
    ...Array.from({ length: 1_000 }, (_, at) => noticeTo('floor', { alertId: alert(at) })),
  )
  const before = rig.disk.commits
  await rig.clock.pass(60_000)
  expect(new Set(rig.receivers.got.flatMap(({ keys }) => keys)).size).toBe(1_000)
  expect(rig.receivers.got).toHaveLength(1_000)
  expect(rig.disk.commits - before).toBeLessThan(500)
})

test('when the queue is full, what is over is given up first, then the least grave, and all of it is listed', async () => {
  const rig = await started({ limits: { waitingMax: 4 }, channel: channelWith({ parallel: 1 }) })
  rig.receivers.replyOf = () => never
  await rig.tell('floor', { alertId: alert(0) })
  await rig.give(
    noticeTo('floor', { alertId: alert(1), severity: 'info' }),
    noticeTo('floor', { alertId: alert(2), severity: 'critical', ...resolved }),
    noticeTo('floor', { alertId: alert(3), severity: 'critical' }),
    noticeTo('floor', { alertId: alert(4), severity: 'warning' }),
    noticeTo('floor', { alertId: alert(5), severity: 'warning' }),
    noticeTo('floor', { alertId: alert(6), severity: 'warning' }),
  )
  const given = (await readDeliveries(rig.store(), partition, 'floor')).filter(
    ({ status }) => status === 'given-up',
  )
  expect(given).toMatchObject([
    { reason: 'queue-full', notices: [{ alertId: alert(1) }] },
    { reason: 'queue-full', notices: [{ alertId: alert(2) }] },
  ])
  expect((await readEndpoint(rig.store(), partition, 'floor'))?.waiting).toBe(4)
  expect(rig.telemetry).toEqual(['overflowed floor 2'])
})

test('of too many messages that fail, the one that was tried most often is given up', async () => {
  const rig = await started({ limits: { openMax: 3 } })
  rig.receivers.replyOf = ({ alertIds }) => answered(alertIds[0]!.endsWith('f') ? 200 : 400)
  for (let n = 1; n <= 5; n++) {
    await rig.give(
      noticeTo('floor', { alertId: `${alert(n).slice(1)}a` }),
      noticeTo('floor', { alertId: `${alert(n).slice(1)}f` }),
    )
    await rig.clock.pass(10_000)
  }
  const deliveries = await readDeliveries(rig.store(), partition, 'floor')
  const statuses = (status: string): number =>
    deliveries.filter((one) => one.status === status).length
  expect([statuses('delivered'), statuses('given-up'), statuses('failing')]).toEqual([5, 3, 2]) // Room for one that is on its way.
  expect(deliveries.findLast(({ status }) => status === 'failing')?.notices[0]!.alertId).toBe(
    `${alert(4).slice(1)}a`,
  )
})

test('only so many messages are listed, the newest first; what is forgotten leaves nothing behind', async () => {
  const rig = await started({ limits: { listedMax: 10 } })
  await rig.give(
    ...Array.from({ length: 25 }, (_, at) => noticeTo('floor', { alertId: alert(at) })),
  )
  await rig.clock.pass(1_000)
  const deliveries = await readDeliveries(rig.store(), partition, 'floor')
  expect(deliveries.map(({ notices }) => notices[0]!.alertId)).toEqual(
    Array.from({ length: 10 }, (_, at) => alert(24 - at)),
  )
  const kept = [...rig.disk.records.keys()].filter((key) =>
    /^post:(delivery|message|waiting):/.test(key),
  )
  expect(kept).toHaveLength(20)
})
