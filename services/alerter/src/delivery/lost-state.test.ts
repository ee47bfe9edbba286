import { type AlertRecord, decodeAlertRecord } from '@deskpulse/contract'
import { expect, test } from 'vitest'
import { readNotified } from './reading.ts'
import { answered, channelWith } from './testing/receivers.ts'
import { noticeTo, partition, resolved, Rig } from './testing/rig.ts'

const alert = (n: number): string => n.toString(16).padStart(32, '0')
const sent = (rig: Rig): string[] =>
  rig.receivers.got.flatMap(({ keys }) => keys.map((key) => key.slice(31)))

/** What a delivery role put on the topic, as the topic holds it. */
const said = (rig: Rig): AlertRecord[] =>
  rig.disk.out
    .map(({ bytes }) => decodeAlertRecord(bytes))
    .filter(({ kind }) => kind === 'delivered')

/** A delivery role that reads this topic from the beginning, with nothing of its own. */
async function madeAgain(
  topic: readonly AlertRecord[],
  options: ConstructorParameters<typeof Rig>[0] = {},
): Promise<Rig> {
  const rig = new Rig(options)
  await rig.give(...topic)
  await rig.start()
  await rig.clock.pass(60_000)
  return rig
}

test('what was delivered, or given up, is said on the topic by its notices; not a test, and not what gave way to a newer state', async () => {
  const rig = new Rig({ limits: { waitingMax: 1 }, channel: channelWith({ parallel: 1 }) })
  rig.receivers.replyOf = () => answered(200, 1_000)
  await rig.start()
  await rig.give(noticeTo('floor', { alertId: alert(0) }))
  await rig.clock.pass(10)
  await rig.give(noticeTo('floor', { alertId: alert(1) }))
  await rig.give(noticeTo('floor', { alertId: alert(1), repeat: 1 }))
  await rig.give(noticeTo('floor', { alertId: alert(2) }))
  await rig.ask({ kind: 'test-endpoint', endpoint: 'floor' })
  await rig.clock.pass(60_000)
  expect(
    said(rig).map((record) =>
      (record.kind === 'delivered' ? record.notices : []).map(
        ({ alertId, repeat }) => `${alertId.slice(31)}/${repeat}`,
      ),
    ),
  ).toEqual([['1/1'], ['0/0'], ['2/0']])
})

test('nothing is sent again that was delivered, whether it is over or not; what was not delivered is sent', async () => {
  const first = new Rig({ channel: channelWith({ parallel: 1 }) })
  await first.start()
  const topic = [0, 1].map((n) => noticeTo('floor', { alertId: alert(n) }))
  await first.give(...topic)
  await first.clock.pass(1_000)
  const ends = [noticeTo('floor', { alertId: alert(0), ...resolved })]
  await first.give(...ends)
  await first.clock.pass(1_000)
  const whole = [
    ...topic,
    ...ends,
    ...said(first),
    noticeTo('floor', { alertId: alert(2), ...resolved }),
  ]
  expect(sent(await madeAgain(whole))).toEqual(['2/resolved/0'])
})

test('what fires and the alert book tells once more is sent once more, in the same message; what is over is known', async () => {
  const firing = noticeTo('floor', { alertId: alert(0) })
  const first = new Rig()
  await first.start()
  await first.give(firing)
  await first.clock.pass(1_000)
  const over = [noticeTo('floor', { alertId: alert(1), ...resolved })]
  await first.give(...over)
  await first.clock.pass(1_000)
  const rig = await madeAgain([firing, ...over, ...said(first)])
  expect(sent(rig)).toEqual([])
  await rig.give(firing, ...over)
  await rig.clock.pass(1_000)
  expect(sent(rig)).toEqual(['0/firing/0'])
  expect(rig.receivers.got[0]!.id).toBe(first.receivers.got[0]!.id)
  expect(
    (await readNotified(rig.store(), partition, 'floor', [alert(1)])).get(alert(1)),
  ).toMatchObject({ received: 'yes' })
})

test('a state that was put back hears from the topic what was delivered since, and keeps it', async () => {
  const rig = new Rig({ channel: channelWith({ parallel: 1 }) })
  rig.receivers.replyOf = () => answered(503, 10_000)
  await rig.start()
  await rig.give(noticeTo('floor', { alertId: alert(0) }), noticeTo('floor', { alertId: alert(1) }))
  await rig.clock.pass(100)
  rig.kill()
  rig.receivers.got.length = 0
  rig.receivers.replyOf = () => answered(200)
  const [open] = [...rig.disk.lists.get('o:post:open:floor')!.keys()]
  const notices = (n: number) => [{ alertId: alert(n), status: 'firing' as const, repeat: 0 }]
  await rig.give(
    { kind: 'delivered', endpoint: 'floor', messageId: open!, notices: notices(0) },
    { kind: 'delivered', endpoint: 'floor', messageId: 'msg_1', notices: notices(1) },
    noticeTo('floor', { alertId: alert(0) }),
  )
  await rig.start()
  await rig.clock.pass(600_000)
  expect(sent(rig)).toEqual([])
  const notified = await readNotified(rig.store(), partition, 'floor', [alert(0), alert(1)])
  expect([...notified.values()].map(({ received }) => received)).toEqual(['yes', 'yes'])
})

test('a receiver that must be told again is told again of what fires, though its owner knows no more than the topic', async () => {
  const channel = channelWith({ renewMs: 60_000 })
  const delivered = [{ alertId: alert(0), status: 'firing' as const, repeat: 0 }]
  const rig = await madeAgain(
    [
      noticeTo('floor', { alertId: alert(0) }),
      { kind: 'delivered', endpoint: 'floor', messageId: 'msg_1', notices: delivered },
    ],
    { channel },
  )
  expect(sent(rig)).toContain('0/firing/0')
})
