import type { EpochMs } from '@deskpulse/core'
import type { Answer, Needs } from './held.ts'
import { joined } from './held.ts'
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

export type Asked<Result> = { readonly result: Result; readonly answer: Answer }

const isSameBasis = (before: Answer, after: Answer): boolean => before.values.every((value, index) => value === after.values[index])

/** Plans, reads basis and needs together, and plans again when the basis is no longer the one that was planned with. */
export async function ask<Result>(view: Pick<PartitionView, 'read'>, { basis, plan }: Question<Result>): Promise<Asked<Result>> {
  const base: Needs = { keys: basis, open: [] }
  let answer = await view.read(base)
  for (;;) {
    const step = plan(answer)
    if (step.kind === 'settled') return { result: step.result, answer }
    const whole = await view.read(joined(base, step.needs))
    const next = { ...whole, values: whole.values.slice(0, basis.length), open: [] }
    if (isSameBasis(answer, next) && step.isCurrent(whole.logTimeMs)) {
      const rest = { ...whole, values: whole.values.slice(basis.length) }
      return { result: await step.finish(rest), answer: rest }
    }
    answer = next
  }
}
