import type { EpochMs } from '@deskpulse/core/time'
import type { Answer, Needs } from './held.ts'
import { joined } from './held.ts'
import type { Leave } from './gate.ts'
import type { PartitionView } from './partition-view.ts'
import { noTurns, type Turns, turns } from './turns.ts'

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
      /** Records that it reads, about: known before it is laid out, which costs as much memory. */
      readonly cost: number
      layOut(turn: Turns): Layout<Result> | Promise<Layout<Result>>
    }

export type Layout<Result> = {
  readonly needs: Needs
  /** At another log time other buckets might be needed. */
  isCurrent(logTimeMs: EpochMs): boolean
  /** `answer` is parallel to `needs`. */
  finish(answer: Answer, turn: Turns): Result | Promise<Result>
}

/** A step that is laid out at once, as it costs little. */
export function readStep<Result>(layout: Layout<Result>): Step<Result> {
  return {
    kind: 'read',
    cost: layout.needs.keys.length + layout.needs.open.length,
    layOut: () => layout,
  }
}

/** `enter` of a `Gate`, for a client. */
export type Enter = (cost: number, isPatient?: boolean) => Leave | Promise<Leave>

const enterFreely: Enter = () => () => {}

const isSameBasis = (before: Answer, after: Answer): boolean =>
  before.values.every((value, index) => value === after.values[index])

/** After so many layouts that were out of date once they had been read, one is made and read without giving anybody a turn. */
const layoutsInTurns = 3

/** Lays out, reads basis and needs together, and lays out again when the basis is no longer the one that was planned with. */
export async function ask<Result>(
  view: Pick<PartitionView, 'read'>,
  { basis, plan }: Question<Result>,
  enter: Enter = enterFreely,
): Promise<Result> {
  const base: Needs = { keys: basis, open: [] }
  let answer = await view.read(base)
  const first = plan(answer)
  if (first.kind === 'settled') return first.result
  const entered = enter(first.cost)
  const leave = await entered
  try {
    if (entered !== leave) answer = await view.read(base) // It has waited.
    for (let layouts = 1; ; layouts += 1) {
      const step = plan(answer)
      if (step.kind === 'settled') return step.result
      const turn = layouts <= layoutsInTurns ? turns() : noTurns
      const { needs, isCurrent, finish } = await step.layOut(turn)
      const whole = await view.read(joined(base, needs), turn)
      const next = { ...whole, values: whole.values.slice(0, basis.length), open: [] }
      if (isSameBasis(answer, next) && isCurrent(whole.logTimeMs)) {
        return await finish({ ...whole, values: whole.values.slice(basis.length) }, turns())
      }
      answer = next
    }
  } finally {
    leave()
  }
}
