import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createLogger } from '../logging/logger.ts'
import { oneSignalMs, stopWithinMs, supervise, type Running } from './supervise.ts'

/** A process that notes with which code it would have exited first. */
function fakeHost() {
  const emitter = new EventEmitter()
  const exit = Promise.withResolvers<number>()
  return {
    on: emitter.on.bind(emitter),
    emit: emitter.emit.bind(emitter),
    exit: exit.resolve,
    exitCode: exit.promise,
  }
}

const logger = createLogger({ name: 'test', level: 'silent' })
const stopsAtOnce: Running = { stop: () => Promise.resolve() }

async function supervised(running: Running | Promise<never>) {
  const host = fakeHost()
  const stopping = vi.fn<() => void>()
  await supervise({ logger, start: () => Promise.resolve(running), stopping, host })
  return { host, stopping }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('a supervised service', () => {
  test.each(['SIGTERM', 'SIGINT'])('stops orderly on %s', async (signal) => {
    const stop = vi.fn<() => Promise<void>>(() => Promise.resolve())
    const { host, stopping } = await supervised({ stop })
    host.emit(signal)
    expect(await host.exitCode).toBe(0)
    expect(stop).toHaveBeenCalledOnce()
    expect(stopping).toHaveBeenCalledOnce()
  })

  test('that does not stop within its time exits with 1', async () => {
    const { host } = await supervised({ stop: () => new Promise(() => {}) })
    host.emit('SIGTERM')
    await vi.advanceTimersByTimeAsync(stopWithinMs)
    expect(await host.exitCode).toBe(1)
  })

  test('exits at once on a second signal', async () => {
    const { host } = await supervised({ stop: () => new Promise(() => {}) })
    host.emit('SIGINT')
    await vi.advanceTimersByTimeAsync(oneSignalMs)
    host.emit('SIGINT')
    expect(await host.exitCode).toBe(1)
  })

  test('takes two signals within a second for one: a terminal signals the whole group, and npm passes it on once more', async () => {
    const stopped = Promise.withResolvers<void>()
    const { host } = await supervised({ stop: () => stopped.promise })
    host.emit('SIGINT')
    await vi.advanceTimersByTimeAsync(oneSignalMs - 1)
    host.emit('SIGINT')
    stopped.resolve()
    expect(await host.exitCode).toBe(0)
  })

  test.each([
    {
      rule: 'that fails to stop exits with 1',
      running: { stop: () => Promise.reject(new Error('no')) },
      event: 'SIGTERM',
    },
    {
      rule: 'exits with 1 on an uncaught exception',
      running: stopsAtOnce,
      event: 'uncaughtException',
    },
    {
      rule: 'exits with 1 on an unhandled rejection',
      running: stopsAtOnce,
      event: 'unhandledRejection',
    },
  ])('$rule', async ({ running, event }) => {
    const { host } = await supervised(running)
    host.emit(event, new Error('bug'))
    expect(await host.exitCode).toBe(1)
  })

  test('that cannot start exits with 1', async () => {
    const { host } = await supervised(Promise.reject(new Error('port in use')))
    expect(await host.exitCode).toBe(1)
  })

  test('that ends by itself is stopped orderly and exits with 1', async () => {
    const stop = vi.fn<() => Promise<void>>(() => Promise.resolve())
    const { host } = await supervised({ stop, ended: Promise.reject(new Error('log gone')) })
    expect(await host.exitCode).toBe(1)
    expect(stop).toHaveBeenCalledOnce()
  })
})
