import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLogger } from '../logging/logger.ts'
import { periodicCheck } from './periodic-check.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function watched() {
  const world: { fault: Error | null } = { fault: null }
  const logger = createLogger({ name: 'test', level: 'silent' })
  const told = { error: vi.spyOn(logger, 'error'), info: vi.spyOn(logger, 'info') }
  const look = async (): Promise<void> => {
    if (world.fault !== null) throw world.fault
  }
  const isUnknown = (error: unknown): boolean => error instanceof Error && error.message === 'away'
  return {
    world,
    told,
    ...periodicCheck({ look, isUnknown, everyMs: 1_000, logger, what: 'the topics' }),
  }
}

test('what a look finds stands until a look finds it mended, and is logged once', async () => {
  const { world, told, check, stop } = watched()
  world.fault = new Error('13 partitions')
  check()
  await vi.advanceTimersByTimeAsync(2_000)
  expect(check).toThrow('13 partitions')
  expect(told.error).toHaveBeenCalledOnce()
  world.fault = null
  await vi.advanceTimersByTimeAsync(1_000)
  check()
  expect(told.info).toHaveBeenCalledOnce()
  await stop()
})

test('a look that can find nothing out changes nothing', async () => {
  const { world, told, check, stop } = watched()
  world.fault = new Error('away')
  await vi.advanceTimersByTimeAsync(1_000)
  check()
  world.fault = new Error('13 partitions')
  await vi.advanceTimersByTimeAsync(1_000)
  world.fault = new Error('away')
  await vi.advanceTimersByTimeAsync(1_000)
  expect(check).toThrow('13 partitions')
  expect(told.error).toHaveBeenCalledOnce()
  await stop()
})

test('it looks no more once it is stopped', async () => {
  const { world, told, stop } = watched()
  await stop()
  world.fault = new Error('13 partitions')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(told.error).not.toHaveBeenCalled()
})
