import { Timeline, type EpochMs } from '@deskpulse/core'
import { expect, onTestFinished, test, vi } from 'vitest'
import { asks, at, isIn, opened } from '../testing/alert-log.ts'
import { recordOf, startWorker } from '../testing/fold-log.ts'

test('an event that stays in a timeline holds on to its own bytes alone: neither to its record, nor to a pool of small buffers', async () => {
  const insert = vi.spyOn(Timeline.prototype, 'insert')
  onTestFinished(() => insert.mockRestore())
  await startWorker().fold([
    recordOf(0, (at(1) + 5) as EpochMs, [
      opened(1, 'c', { queue: 'q' }),
      asks(1, 'c'),
      isIn(1, 'a', 'available'),
    ]),
  ])
  const kept = insert.mock.calls.map(([{ bytes }]) => bytes)
  expect(kept).toHaveLength(3)
  expect(kept.map(({ buffer }) => buffer.byteLength)).toEqual(
    kept.map(({ byteLength }) => byteLength),
  )
})
