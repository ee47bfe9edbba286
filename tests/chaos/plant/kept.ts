import { setTimeout as pause } from 'node:timers/promises'
import type { Ended } from '../../support/processes.ts'
import type { Service } from '../../support/services.ts'
import { until } from '../../support/until.ts'

/** A process that nobody told to end, and that ended. */
export type OwnEnd = { readonly name: string; readonly ended: Ended; readonly said: string }

/** A service that is started again whenever it ends, as an orchestrator does. */
export type Kept = {
  readonly name: string
  readonly service: Service
  /** Ends it hard, and lets it start again after so long. Returns when it is under way again, ready or not. */
  kill(forMs: number): Promise<void>
  freeze(forMs: number): Promise<void>
  untilReady(): Promise<void>
  /** Ends it in order, for good. */
  stop(): Promise<Ended>
  /** Ends it hard, for good, whatever it does. */
  drop(): Promise<void>
}

const restartPauseMs = 300
const settledMs = 90_000

export function kept(name: string, service: Service, ownEnd: (end: OwnEnd) => void): Kept {
  let isStopping = false
  let isKilled = false
  let startsAtMs = 0
  let starts = 0
  const running = keep()

  async function keep(): Promise<void> {
    while (!isStopping) {
      await pause(Math.max(0, startsAtMs - performance.now()))
      if (isStopping) return
      isKilled = false
      const started = service.start().catch(() => {}) // Whether it is ready is asked elsewhere, and its end is seen below.
      starts += 1
      const ended = await service.process().ended
      await started
      if (isStopping || isKilled) continue
      ownEnd({ name, ended, said: lastLines(service) })
      startsAtMs = performance.now() + restartPauseMs
    }
  }

  async function underWay(): Promise<void> {
    await until(
      `${name} is under way`,
      () => starts > 0 && !isKilled && !service.process().hasEnded(),
      Boolean,
      { everyMs: 20 },
    )
  }

  return {
    name,
    service,
    async kill(forMs) {
      await underWay()
      isKilled = true
      startsAtMs = performance.now() + forMs
      await service.end('SIGKILL')
      await underWay()
    },
    async freeze(forMs) {
      await underWay()
      const frozen = service.process()
      frozen.signal('SIGSTOP')
      await pause(forMs)
      frozen.signal('SIGCONT')
    },
    async untilReady() {
      await until(`${name} is ready`, async () => (await service.readiness()).ready, Boolean, {
        withinMs: settledMs,
      })
    },
    async stop() {
      await underWay()
      isStopping = true
      const ended = await service.end('SIGTERM')
      await running
      if (ended === null) throw new Error(`${name} was never started`)
      return ended
    },
    async drop() {
      isStopping = true
      await service.end('SIGKILL')
      await running
    },
  }
}

/** Of a log what was an error, else what was said last. */
const lastLines = (service: Service): string => {
  const { out, err } = service.process()
  const lines = `${out()}\n${err()}`.trim().split('\n')
  const errors = lines.filter((line) => /"level":"(?:error|fatal)"/.test(line))
  return (errors.length > 0 ? errors : lines).slice(-3).join('\n')
}
