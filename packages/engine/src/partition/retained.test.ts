import type { CanonicalEvent } from '@deskpulse/core/events'
import { type Received, Timeline } from '@deskpulse/core/subjects'
import type { EpochMs } from '@deskpulse/core/time'
import { expect, onTestFinished, test, vi } from 'vitest'
import { answers, asks, at, opened } from '../testing/alert-log.ts'
import { recordOf, startWorker } from '../testing/fold-log.ts'

test('of what a contact has folded it holds the text, and what it says of the last event alone', async () => {
  const held: { readonly received: Received; readonly said: CanonicalEvent }[] = []
  const { insert } = Timeline.prototype
  const spy = vi.spyOn(Timeline.prototype, 'insert').mockImplementation(function (
    this: Timeline,
    received,
  ) {
    held.push({ received, said: received.event })
    return insert.call(this, received)
  })
  onTestFinished(() => spy.mockRestore())
  const worker = startWorker()
  const record = (offset: number, event: CanonicalEvent) =>
    recordOf(offset, (event.timeMs + 5) as EpochMs, [event])
  await worker.fold([record(0, opened(1, 'c', { queue: 'q' })), record(1, asks(2, 'c'))])
  await worker.fold([record(2, answers(3, 'c'))])

  const isHeld = held.map(({ received, said }) => received.event === said)
  expect(isHeld).toEqual([false, false, true])
  expect(held.map(({ received }) => received.event)).toEqual(held.map(({ said }) => said))
  expect(at(3)).toBe(held[2]!.said.timeMs)
})
