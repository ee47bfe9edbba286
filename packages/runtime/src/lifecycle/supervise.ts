import type { Logger } from '../logging/logger.ts'

/** A started service. */
export type Running = {
  /** Orderly: finishes what is under way and lets go of everything. */
  stop(): Promise<void>
  /** Settles when the service ended by itself, which is a failure whether it resolves or rejects. Absent: it never does. */
  readonly ended?: Promise<unknown>
}

/** What `supervise` needs of the process: a port, so that tests need none. */
export type ProcessHost = {
  on(
    event: 'SIGTERM' | 'SIGINT' | 'uncaughtException' | 'unhandledRejection',
    listener: (detail: unknown) => void,
  ): unknown
  exit(code: number): void
}

export const stopWithinMs = 10_000
/** Signals closer together are one: a terminal signals the whole process group, and npm passes the same signal on. */
export const oneSignalMs = 1_000

export type SuperviseOptions = {
  readonly logger: Logger
  readonly start: () => Promise<Running>
  /** Told as soon as the service begins to stop. */
  readonly stopping?: () => void
  readonly host?: ProcessHost
}

/**
 * Runs a service until SIGTERM or SIGINT, then stops it: exit code 0 when that took less than 10 s, else 1. A second signal after more than a second, an error that
 * nobody caught, a failed start and a service that ends by itself exit with 1; the last one after an orderly stop.
 */
export async function supervise({
  logger,
  start,
  stopping,
  host = process,
}: SuperviseOptions): Promise<void> {
  let running: Running | null = null
  let ending = false
  let signalledAtMs = -Infinity

  const end = async (code: number): Promise<void> => {
    ending = true
    stopping?.()
    const timer = setTimeout(() => {
      logger.fatal(`not stopped after ${stopWithinMs / 1_000} s`)
      host.exit(1)
    }, stopWithinMs)
    try {
      await running?.stop()
      logger.info('stopped')
      host.exit(code)
    } catch (error) {
      logger.fatal({ err: error }, 'failed to stop')
      host.exit(1)
    } finally {
      clearTimeout(timer)
    }
  }

  const onSignal = (signal: string) => (): void => {
    const sinceMs = performance.now() - signalledAtMs
    if (sinceMs < oneSignalMs) return
    signalledAtMs = performance.now()
    if (ending) {
      logger.warn({ signal }, 'second signal: exit at once')
      return host.exit(1)
    }
    logger.info({ signal }, 'stopping')
    void end(0)
  }
  const crash =
    (what: string) =>
    (error: unknown): void => {
      logger.fatal({ err: error }, what)
      host.exit(1)
    }
  host.on('SIGTERM', onSignal('SIGTERM'))
  host.on('SIGINT', onSignal('SIGINT'))
  host.on('uncaughtException', crash('uncaught exception'))
  host.on('unhandledRejection', crash('unhandled rejection'))

  try {
    running = await start()
  } catch (error) {
    return crash('failed to start')(error)
  }
  const endedByItself = (error: unknown): void => {
    if (ending) return
    logger.fatal({ err: error }, 'ended by itself')
    void end(1)
  }
  running.ended?.then(endedByItself, endedByItself)
}
