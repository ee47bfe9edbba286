import { describe, expect, test } from 'vitest'
import { readDeliveries, readEndpoint, readNotified } from './reading.ts'
import { listKeys } from './records.ts'
import { answered, channelWith, endpointOf, failed } from './testing/receivers.ts'
import { noticeTo, partition, resolved, Rig, type RigOptions } from './testing/rig.ts'

const alert = (n: number): string => n.toString(16).padStart(32, '0')
const minuteMs = 60_000
const renewMs = 4 * minuteMs
const renewing = channelWith({ renewMs, parallel: 1, noticesMax: 3 })

async function started(options: RigOptions = {}): Promise<Rig> {
  const rig = new Rig({ channel: renewing, ...options })
  await rig.start()
  return rig
}

const states = (rig: Rig, fromMs: number): string[][] =>
  rig.receivers.got
    .filter(({ beganMs }) => beganMs >= fromMs)
    .map(({ keys }) => keys.map((key) => key.slice(31)))
/** When since then what was told. */
const heard = (rig: Rig, fromMs: number) =>
  rig.receivers.got.flatMap(({ beganMs, keys }) =>
    beganMs < fromMs ? [] : [[beganMs - fromMs, ...keys.map((key) => key.slice(31))]],
  )
const keptKeys = (rig: Rig) =>
  [...rig.disk.records.keys()].filter((key) => key.startsWith('post:retold:'))

describe('what fires', () => {
  test('is told again every so often, as it was, under an id of its own each time, and many in one message', async () => {
    const rig = await started()
    const fromMs = rig.clock.atMs
    await rig.give(
      noticeTo('floor', { alertId: alert(1) }),
      noticeTo('floor', { alertId: alert(2) }),
    )
    await rig.clock.pass(13 * minuteMs)
    expect(heard(rig, fromMs)).toEqual(
      [0, 1, 2, 3].map((time) => [time * (renewMs + 5), '1/firing/0', '2/firing/0']),
    )
    expect(new Set(rig.receivers.got.map(({ id }) => id)).size).toBe(4)
  })

  test('is listed in the order in which it was first told', async () => {
    const rig = await started()
    await rig.give(...[3, 1, 2].map((n) => noticeTo('floor', { alertId: alert(n) })))
    await rig.clock.pass(minuteMs)
    const places = [...rig.disk.lists.get(listKeys.renewed('floor'))!]
    const inOrder = places.toSorted(([, a], [, b]) => a - b).map(([alertId]) => alertId)
    expect(inOrder).toEqual([3, 1, 2].map(alert))
    expect(new Set(places.map(([, place]) => place)).size).toBe(3)
  })

  test('is told again for days, though nobody says anything new, and what is kept of it does not grow', async () => {
    const rig = await started({ limits: { renewalsListedMax: 5 } })
    await rig.tell('floor', { alertId: alert(1) })
    await rig.clock.pass(60 * minuteMs)
    const records = rig.disk.records.size
    await rig.clock.pass(2 * 24 * 60 * minuteMs)
    expect(rig.receivers.got.length).toBeGreaterThan(700)
    expect(rig.disk.records.size).toBe(records)
    const deliveries = await readDeliveries(rig.store(), partition, 'floor')
    expect(deliveries.map(({ status }) => status)).toEqual(
      Array.from({ length: 1 + 5 }, () => 'delivered'),
    )
    expect(deliveries.at(-1)!.id).toBe(rig.receivers.got[0]!.id) // What was news stays listed.
    const notified = await readNotified(rig.store(), partition, 'floor', [alert(1)])
    expect(notified.get(alert(1))).toMatchObject({
      received: 'yes',
      entries: [{ status: 'firing', repeat: 0, state: 'delivered' }],
    })
  })

  test('is told again from a repeat on as the repeat said it', async () => {
    const rig = await started()
    await rig.tell('floor', { alertId: alert(1) })
    await rig.clock.pass(minuteMs)
    const fromMs = rig.clock.atMs
    await rig.tell('floor', { alertId: alert(1), repeat: 1 })
    await rig.clock.pass(5 * minuteMs)
    expect(heard(rig, fromMs)).toEqual([
      [0, '1/firing/1'],
      [renewMs + 5, '1/firing/1'],
    ])
  })

  test('is told again at once by whoever starts: nobody knows when it was told last', async () => {
    const rig = await started()
    await rig.tell('floor', { alertId: alert(1) })
    await rig.clock.pass(minuteMs)
    rig.kill()
    await rig.clock.pass(10 * minuteMs)
    const fromMs = rig.clock.atMs
    await rig.start()
    await rig.clock.pass(5 * minuteMs)
    expect(heard(rig, fromMs)).toEqual([
      [0, '1/firing/0'],
      [renewMs + 5, '1/firing/0'],
    ])
  })

  test('is told again under the same id when nobody knows whether that arrived', async () => {
    const rig = await started()
    await rig.tell('floor', { alertId: alert(1) })
    await rig.clock.pass(renewMs + 5)
    expect(rig.receivers.got).toHaveLength(2)
    rig.kill()
    await rig.start()
    await rig.clock.pass(100)
    expect(rig.receivers.got.map(({ id }) => id)).toEqual(
      [0, 1, 1].map((at) => rig.receivers.got[at]!.id),
    )
  })

  test('is tried again when telling it again fails', async () => {
    const rig = await started()
    await rig.tell('floor', { alertId: alert(1) })
    await rig.clock.pass(minuteMs)
    rig.receivers.replyOf = () => failed('connection-failed')
    await rig.clock.pass(10 * minuteMs)
    rig.receivers.replyOf = () => answered(200)
    await rig.clock.pass(5 * minuteMs)
    const fromMs = rig.clock.atMs
    await rig.clock.pass(renewMs)
    expect(states(rig, fromMs)).toEqual([['1/firing/0']])
  })

  test('is not told again where a channel does not ask for it, nor is a trial', async () => {
    const rig = await started({ channel: channelWith() })
    await rig.tell('floor', { alertId: alert(1) })
    await rig.clock.pass(60 * minuteMs)
    expect(rig.receivers.got).toHaveLength(1)
    const other = await started()
    await other.ask({ kind: 'test-endpoint', endpoint: 'floor' })
    await other.clock.pass(60 * minuteMs)
    expect(other.receivers.got).toHaveLength(1)
  })

  test('goes behind what is news', async () => {
    const rig = await started()
    await rig.tell('floor', { alertId: alert(1), severity: 'critical' })
    await rig.clock.pass(renewMs)
    const fromMs = rig.clock.atMs
    rig.receivers.replyOf = () => answered(200, 1_000)
    await rig.tell('floor', { alertId: alert(2), severity: 'info' })
    await rig.tell('floor', { alertId: alert(3), severity: 'info' })
    await rig.clock.pass(10_000)
    expect(states(rig, fromMs)).toEqual([['2/firing/0'], ['3/firing/0'], ['1/firing/0']])
  })

  test('is told again after the clock was put back', async () => {
    const rig = await started()
    await rig.tell('floor', { alertId: alert(1) })
    await rig.clock.pass(minuteMs)
    rig.clock.atMs = (rig.clock.atMs - 24 * 60 * minuteMs) as typeof rig.clock.atMs
    await rig.tell('floor', { alertId: alert(2) })
    const fromMs = rig.clock.atMs
    await rig.clock.pass(renewMs + 1_000)
    expect(states(rig, fromMs).flat()).toContain('1/firing/0')
  })
})

describe('what is over', () => {
  test('is told again for five minutes, then it is forgotten', async () => {
    const rig = await started({ channel: channelWith({ renewMs: minuteMs, parallel: 1 }) })
    await rig.tell('floor', { alertId: alert(1) })
    await rig.clock.pass(1_000)
    const fromMs = rig.clock.atMs
    await rig.tell('floor', { alertId: alert(1), ...resolved })
    await rig.clock.pass(60 * minuteMs)
    expect(states(rig, fromMs)).toEqual(Array.from({ length: 5 }, () => ['1/resolved/0']))
    expect(rig.receivers.got.at(-1)!.beganMs - fromMs).toBeLessThanOrEqual(5 * minuteMs)
    expect(keptKeys(rig)).toEqual([])
    expect([...rig.disk.lists.get('o:post:retold:floor')!]).toEqual([])
  })

  test('is told as firing no more from the moment it comes, though its end cannot be told', async () => {
    const rig = await started()
    await rig.tell('floor', { alertId: alert(1) })
    await rig.clock.pass(minuteMs)
    rig.receivers.replyOf = () => failed('connection-failed')
    await rig.clock.pass(4 * minuteMs) // It was to be told again, in vain.
    await rig.tell('floor', { alertId: alert(1), ...resolved })
    const fromMs = rig.clock.atMs
    await rig.clock.pass(10 * minuteMs)
    rig.receivers.replyOf = () => answered(200)
    await rig.clock.pass(10 * minuteMs)
    expect(new Set(states(rig, fromMs).flat())).toEqual(new Set(['1/resolved/0']))
  })

  test('while it is told again as firing, is told after that', async () => {
    const rig = await started()
    await rig.tell('floor', { alertId: alert(1) })
    await rig.clock.pass(minuteMs)
    rig.receivers.replyOf = () => answered(200, 2_000)
    await rig.clock.pass(3 * minuteMs + 1_000)
    const fromMs = rig.clock.atMs
    await rig.tell('floor', { alertId: alert(1), ...resolved })
    await rig.clock.pass(5 * minuteMs)
    expect(states(rig, fromMs)).toEqual([['1/resolved/0'], ['1/resolved/0']])
  })

  test.each([
    {
      rule: 'when it would be due again',
      async before(rig: Rig) {
        await rig.tell('floor', { alertId: alert(1) })
        await rig.clock.pass(3 * minuteMs)
        rig.receivers.replyOf = () => answered(200, 30_000)
        await rig.tell('floor', { alertId: alert(3) })
      },
    },
    {
      rule: 'when only afterwards it is taken in that it fires',
      async before(rig: Rig) {
        rig.receivers.replyOf = () => answered(200, 30_000)
        await rig.tell('floor', { alertId: alert(1) })
        await rig.clock.pass(100)
      },
    },
    {
      rule: 'when telling it again has failed',
      async before(rig: Rig) {
        await rig.tell('floor', { alertId: alert(1) })
        await rig.clock.pass(100)
        rig.receivers.replyOf = () => failed('timed-out')
        await rig.clock.pass(renewMs)
      },
    },
  ])(
    'and whose end there was no room for, is told as firing no more, also $rule',
    async ({ before }) => {
      const rig = await started({ limits: { waitingMax: 1 } })
      await before(rig)
      const heardBefore = rig.receivers.got.length
      await rig.give(
        noticeTo('floor', { alertId: alert(1), ...resolved }),
        noticeTo('floor', { alertId: alert(2), severity: 'critical' }),
      )
      rig.receivers.replyOf = () => answered(200)
      await rig.clock.pass(10 * minuteMs)
      const notified = rig.receivers.got.slice(heardBefore).flatMap(({ alertIds }) => alertIds)
      expect(notified).toContain(alert(2))
      expect(notified).not.toContain(alert(1))
    },
  )

  test('leaves the others of its message to be told again', async () => {
    const rig = await started()
    await rig.give(
      noticeTo('floor', { alertId: alert(1) }),
      noticeTo('floor', { alertId: alert(2) }),
    )
    await rig.clock.pass(minuteMs)
    rig.receivers.replyOf = () => failed('timed-out')
    await rig.clock.pass(4 * minuteMs)
    rig.receivers.replyOf = () => answered(200)
    const fromMs = rig.clock.atMs
    await rig.tell('floor', { alertId: alert(1), ...resolved })
    await rig.clock.pass(minuteMs)
    expect(states(rig, fromMs)).toEqual([['1/resolved/0'], ['2/firing/0']])
  })
})

describe('an endpoint', () => {
  test('that is disabled hears nothing; when it is enabled it hears at once what fires', async () => {
    const rig = await started()
    await rig.give(
      noticeTo('floor', { alertId: alert(1) }),
      noticeTo('floor', { alertId: alert(2) }),
    )
    await rig.clock.pass(minuteMs)
    rig.receivers.replyOf = () => answered(410)
    await rig.tell('floor', { alertId: alert(3) })
    await rig.clock.pass(minuteMs)
    rig.receivers.replyOf = () => answered(200)
    const disabledMs = rig.clock.atMs
    await rig.clock.pass(60 * minuteMs)
    expect(heard(rig, disabledMs)).toEqual([])
    await rig.tell('floor', { alertId: alert(2), ...resolved })
    const fromMs = rig.clock.atMs
    await rig.ask({ kind: 'enable-endpoint', endpoint: 'floor' })
    await rig.clock.pass(minuteMs)
    expect(states(rig, fromMs).flat().toSorted()).toEqual([
      '1/firing/0',
      '2/resolved/0',
      '3/firing/0',
    ])
  })

  test('that is well hears at once what fires when a person enables it', async () => {
    const rig = await started()
    await rig.tell('floor', { alertId: alert(1) })
    await rig.clock.pass(minuteMs)
    await rig.ask({ kind: 'enable-endpoint', endpoint: 'floor' })
    await rig.clock.pass(1_000)
    expect(rig.receivers.got).toHaveLength(2)
  })

  test('of another kind now, or of none, leaves nothing behind', async () => {
    const rig = await started({ endpoints: ['floor', 'gone'].map((name) => endpointOf(name)) })
    const notices = Array.from({ length: 450 }, (_, at) => at)
    await rig.give(
      ...notices.flatMap((at) =>
        ['floor', 'gone'].map((name) => noticeTo(name, { alertId: alert(at) })),
      ),
    )
    await rig.clock.pass(minuteMs)
    expect(keptKeys(rig)).toHaveLength(900)
    rig.kill()
    rig.endpoints = [endpointOf('floor')]
    rig.channel = channelWith()
    const fromMs = rig.clock.atMs
    await rig.start()
    await rig.clock.pass(60 * minuteMs)
    expect(heard(rig, fromMs)).toEqual([])
    expect(keptKeys(rig)).toEqual([])
    expect([...rig.disk.lists.get('o:post:endpoints')!.keys()]).toEqual(['floor'])
  })

  test('is told only so many alerts again; what is over makes room, what there is no room for is reported', async () => {
    const rig = await started({ limits: { renewedMax: 2 } })
    await rig.tell('floor', { alertId: alert(1) })
    await rig.tell('floor', { alertId: alert(2), ...resolved })
    await rig.clock.pass(1_000)
    await rig.tell('floor', { alertId: alert(3) })
    await rig.clock.pass(1_000)
    expect(rig.telemetry).toEqual([])
    await rig.tell('floor', { alertId: alert(4) })
    await rig.clock.pass(1_000)
    const fromMs = rig.clock.atMs
    await rig.clock.pass(5 * minuteMs)
    expect(states(rig, fromMs).flat()).toEqual(['1/firing/0', '3/firing/0'])
    expect(rig.telemetry).toEqual(['not renewed floor'])
  })
})

describe('a person who sends a message again', () => {
  test('sends the present state of its alerts', async () => {
    const rig = await started()
    await rig.give(
      noticeTo('floor', { alertId: alert(1) }),
      noticeTo('floor', { alertId: alert(2) }),
    )
    await rig.clock.pass(1_000)
    await rig.tell('floor', { alertId: alert(1), ...resolved })
    await rig.clock.pass(60 * minuteMs)
    const fromMs = rig.clock.atMs
    const { id: deliveryId } = rig.receivers.got[0]!
    await rig.ask({ kind: 'resend', endpoint: 'floor', deliveryId })
    await rig.clock.pass(1_000)
    expect(states(rig, fromMs)).toEqual([['1/resolved/0', '2/firing/0']])
  })

  test('sends the same message where nothing has changed', async () => {
    const rig = await started()
    await rig.tell('floor', { alertId: alert(1) })
    await rig.clock.pass(1_000)
    await rig.ask({ kind: 'resend', endpoint: 'floor', deliveryId: rig.receivers.got[0]!.id })
    await rig.clock.pass(1_000)
    expect(rig.receivers.got.map(({ id }) => id)).toEqual(
      [0, 0].map((at) => rig.receivers.got[at]!.id),
    )
    expect(await readDeliveries(rig.store(), partition, 'floor')).toMatchObject([
      { status: 'delivered', attemptCount: 2 },
    ])
  })

  test('sends the present state of what was only told again, too', async () => {
    const rig = await started()
    await rig.tell('floor', { alertId: alert(1) })
    await rig.clock.pass(5 * minuteMs)
    const [renewal] = await readDeliveries(rig.store(), partition, 'floor')
    const fromMs = rig.clock.atMs
    await rig.ask({ kind: 'resend', endpoint: 'floor', deliveryId: renewal!.id })
    await rig.clock.pass(1_000)
    expect(states(rig, fromMs)).toEqual([['1/firing/0']])
  })

  test('does not wait for the next attempt of the message that holds the alert now', async () => {
    const rig = await started()
    await rig.tell('floor', { alertId: alert(1) })
    await rig.clock.pass(minuteMs)
    rig.receivers.replyOf = () => failed('connection-failed')
    await rig.clock.pass(20 * minuteMs)
    rig.receivers.replyOf = () => answered(200)
    const fromMs = rig.clock.atMs
    await rig.ask({ kind: 'resend', endpoint: 'floor', deliveryId: rig.receivers.got[0]!.id })
    await rig.clock.pass(100)
    expect(states(rig, fromMs)).toEqual([['1/firing/0']])
    expect(await readEndpoint(rig.store(), partition, 'floor')).toMatchObject({
      open: 0,
      state: 'healthy',
    })
  })
})
