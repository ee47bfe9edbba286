import type { Logger } from '../logging/logger.ts'

export type PeriodicCheckOptions = {
  /** @throws Error when something is not as it must be. */
  readonly look: () => Promise<void>
  /** Errors that say nothing of what is looked at: the last result stands. */
  readonly isUnknown: (error: unknown) => boolean
  readonly everyMs: number
  /** Told when a look finds another fault than the one before. */
  readonly logger: Logger
  readonly what: string
}

export type PeriodicCheck = {
  /** A readiness check: the last result. @throws Error: what the last look found. */
  check(): void
  stop(): Promise<void>
}

/** For what would cost too much to look at whenever somebody asks for readiness. The first look is after `everyMs`: a start has its own. */
export function periodicCheck({
  look,
  isUnknown,
  everyMs,
  logger,
  what,
}: PeriodicCheckOptions): PeriodicCheck {
  let found: Error | null = null
  let underWay = Promise.resolve()

  async function lookOnce(): Promise<void> {
    try {
      await look()
      if (found !== null) logger.info(`${what}: as it must be again`)
      found = null
    } catch (error) {
      if (isUnknown(error)) return
      const now = error instanceof Error ? error : new Error(String(error))
      if (now.message !== found?.message) logger.error({ err: now }, what)
      found = now
    }
  }

  const timer = setInterval(() => void (underWay = underWay.then(lookOnce)), everyMs)
  return {
    check() {
      if (found !== null) throw found
    },
    async stop() {
      clearInterval(timer)
      await underWay
    },
  }
}
