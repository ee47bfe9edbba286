import type { Random } from '../../services/cli/src/simulate/random.ts'

/** `count` of them, each as likely as any other, in their own order; all of them where there are fewer. */
export function sampleOf<One>(all: readonly One[], count: number, random: Random): readonly One[] {
  const keys = all.map((_, at) => ({ at, key: random.next() }))
  const chosen = keys.toSorted((a, b) => a.key - b.key).slice(0, count)
  return chosen
    .map(({ at }) => at)
    .toSorted((a, b) => a - b)
    .map((at) => all[at]!)
}
