import { decodeClockProblem } from '@deskpulse/contract'
import { type ClockProblem, type EpochMs, logClockKey } from '@deskpulse/core'
import type { Answer, Needs } from './held.ts'
import { joined } from './held.ts'
import { decodedOnce } from './decoded-once.ts'
import type { PartitionView } from './partition-view.ts'

/**
 * What is asked of one partition, in two steps of one moment: the basis (configuration, slices) says what else to read. `settled`: the basis
 * was enough.
 */
export type Question<Result> = {
  readonly basis: readonly string[]
  plan(basis: Answer): Step<Result>
}

export type Step<Result> =
  | { readonly kind: 'settled'; readonly result: Result }
  | {
      readonly kind: 'read'
      readonly needs: Needs
      /** At another log time other buckets might be needed. */
      isCurrent(logTimeMs: EpochMs): boolean
      /** `answer` is parallel to `needs`. */
      finish(answer: Answer): Result | Promise<Result>
    }

/** `clock`: what is wrong with the clocks in the log. */
export type Asked<Result> = { readonly result: Result; readonly answer: Answer; readonly clock: ClockProblem | null }

const clockOf = decodedOnce(decodeClockProblem)

const isSameBasis = (before: Answer, after: Answer): boolean => before.values.every((value, index) => value === after.values[index])

/** Plans, reads basis and needs together, and plans again when the basis is no longer the one that was planned with. */
export async function ask<Result>(view: Pick<PartitionView, 'read'>, { basis, plan }: Question<Result>): Promise<Asked<Result>> {
  const base: Needs = { keys: [logClockKey, ...basis], open: [] }
  const { length } = base.keys
  let answer = await view.read(base)
  for (;;) {
    const [stored, ...values] = answer.values
    const clock = stored ? clockOf(stored) : null
    const step = plan({ ...answer, values })
    if (step.kind === 'settled') return { result: step.result, answer, clock }
    const whole = await view.read(joined(base, step.needs))
    const next = { ...whole, values: whole.values.slice(0, length), open: [] }
    if (isSameBasis(answer, next) && step.isCurrent(whole.logTimeMs)) {
      const rest = { ...whole, values: whole.values.slice(length) }
      return { result: await step.finish(rest), answer: rest, clock }
    }
    answer = next
  }
}
