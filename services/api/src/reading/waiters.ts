import type { Answer, Needs } from './held.ts'

export type Waiter = {
  readonly needs: Needs
  /** Asked before, and a commit changed what was held of it: all of it has to come in one read. */
  readonly whole: boolean
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/** Requests that wait for a read: one read at a time; what is asked meanwhile goes into the next one together. */
export type Waiters = {
  wait(needs: Needs): Promise<Answer>
  /** Into the next read, as a whole. */
  again(waiter: Waiter): void
}

/** @param serve one read for all of a batch, each of which it settles or sends `again`; when it fails, so do they. */
export function waitersFor(serve: (batch: readonly Waiter[]) => Promise<void>): Waiters {
  let waiting: Waiter[] = []
  let isServing = false

  async function run(): Promise<void> {
    if (isServing) return
    isServing = true
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        await serve(batch)
      } catch (error) {
        for (const waiter of batch) waiter.reject(error)
      }
    }
    isServing = false
  }

  return {
    wait(needs) {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>()
      waiting.push({ needs, whole: false, resolve, reject })
      void run()
      return promise
    },
    again: (waiter) => void waiting.push({ ...waiter, whole: true }),
  }
}
