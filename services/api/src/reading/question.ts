import type { OpenAnswer } from '@deskpulse/core/state'
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
  readonly basis: Needs
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
  /** At another log time, or with what goes on at it (parallel to the needs), something else might be needed. */
  isCurrent(logTimeMs: EpochMs, open: Answer['open']): boolean
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
  before.values.every((value, index) => value === after.values[index]) &&
  before.open.every(({ rosters, appeals }, index) => {
    const its = after.open[index]
    return sameLists(rosters, its?.rosters) && sameLists(appeals, its?.appeals)
  })

/** A list stays the same one until something of it changes, or it is read anew. */
export const sameLists = (
  a: OpenAnswer['rosters'] | OpenAnswer['appeals'],
  b: OpenAnswer['rosters'] | OpenAnswer['appeals'],
): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)

/** After so many layouts that were out of date once they had been read, one is made and read without giving anybody a turn. */
const layoutsInTurns = 3

/** Lays out, reads basis and needs together, and lays out again when the basis is no longer the one that was planned with. */
export async function ask<Result>(
  view: Pick<PartitionView, 'read'>,
  { basis, plan }: Question<Result>,
  enter: Enter = enterFreely,
): Promise<Result> {
  let answer = await view.read(basis)
  const first = plan(answer)
  if (first.kind === 'settled') return first.result
  const entered = enter(first.cost)
  const leave = await entered
  try {
    if (entered !== leave) answer = await view.read(basis) // It has waited.
    for (let layouts = 1; ; layouts += 1) {
      const step = plan(answer)
      if (step.kind === 'settled') return step.result
      const turn = layouts <= layoutsInTurns ? turns() : noTurns
      const { needs, isCurrent, finish } = await step.layOut(turn)
      const whole = await view.read(joined(basis, needs), turn)
      const [values, open] = [basis.keys.length, basis.open.length]
      const next = {
        ...whole,
        ...{ values: whole.values.slice(0, values), open: whole.open.slice(0, open) },
      }
      const rest = { values: whole.values.slice(values), open: whole.open.slice(open) }
      if (isSameBasis(answer, next) && isCurrent(whole.logTimeMs, rest.open)) {
        return await finish({ ...whole, ...rest }, turns())
      }
      answer = next
    }
  } finally {
    leave()
  }
}
