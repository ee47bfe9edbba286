import type { EpochMs } from '@deskpulse/core/time'
import { expect, test, vi } from 'vitest'
import { noticeOf } from '../testing/notices.ts'
import { beginDelivery, makeRoom } from './delivery-log.ts'
import { Endpoint, type OpenMessage } from './endpoint.ts'
import { draftAt } from './testing/draft.ts'
import { channelWith, endpointOf } from './testing/receivers.ts'

const nowMs = 1_772_442_900_000 as EpochMs

/** An endpoint with three open messages, of which the first was tried most often. */
async function full() {
  const draft = draftAt(nowMs, { openMax: 3 })
  const overflowed = vi.spyOn(draft.telemetry, 'overflowed')
  const endpoint = new Endpoint('floor', { config: endpointOf('floor'), channel: channelWith({}) })
  const open: OpenMessage[] = []
  for (const [n, attempts] of [9, 5, 5].entries()) {
    const notice = noticeOf({ alertId: String(n).padStart(32, '0') })
    const kind = { test: false, asked: false }
    const message = await beginDelivery(draft, endpoint, [notice], kind)
    open.push(Object.assign(message, { attempts }))
  }
  const given = async (...chosen: readonly OpenMessage[]) => {
    const isRoom = await makeRoom(draft, endpoint, new Set(chosen))
    return { isRoom, left: open.map(({ id }) => endpoint.open.has(id)) }
  }
  return { open, given, overflowed }
}

test('the message that was tried most often is given up, and told of', async () => {
  const { given, overflowed } = await full()
  expect(await given()).toEqual({ isRoom: true, left: [false, true, true] })
  expect(overflowed).toHaveBeenCalledExactlyOnceWith('floor', 1)
  expect(await given()).toEqual({ isRoom: true, left: [false, true, true] })
})

test.each<{ rule: string; spare: (message: OpenMessage) => OpenMessage[] }>([
  { rule: 'that is under way', spare: (one) => (Object.assign(one, { underWay: true }), []) },
  { rule: 'that was asked for', spare: (one) => (Object.assign(one, { asked: true }), []) },
  { rule: 'that is about to be tried', spare: (one) => [one] },
])(
  'a message $rule is not given up: of the others the one that came first is',
  async ({ spare }) => {
    const { open, given } = await full()
    expect(await given(...spare(open[0]!))).toEqual({ isRoom: true, left: [true, false, true] })
  },
)

test('where none can be given up there is no room', async () => {
  const { open, given, overflowed } = await full()
  expect(await given(...open)).toEqual({ isRoom: false, left: [true, true, true] })
  expect(overflowed).not.toHaveBeenCalled()
})
