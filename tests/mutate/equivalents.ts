import type { Mutant } from './mutants.ts'

/** A mutant that no test can notice, since nothing that anybody may rely on is different, and why. */
export type Equivalent = {
  readonly path: string
  readonly original: string
  readonly replacement: string
  readonly within?: string
  readonly reason: string
}

/** `within`: the line that it is in, without spaces around it, where the change alone would mean several places. */
export const equivalents: readonly Equivalent[] = [
  {
    path: 'packages/contract/src/entries/refusal-list.ts',
    original: '-',
    replacement: '+',
    within: 'for (let number = total - 1; number >= oldest; number -= 1) {',
    reason: 'past the last one nothing is listed: two numbers more are looked at',
  },
  {
    path: 'packages/stream/src/embedded/event-log-groups.ts',
    original: 'file.consumed(name, slot) ?? (0 as Offset)',
    replacement: '(file.consumed(name, slot))!',
    reason: 'who reads a position takes none for 0 once more',
  },
  {
    path: 'services/aggregator/src/partition/refusals.ts',
    original: 'values[index] ?? null',
    replacement: '(values[index])!',
    reason: 'a store answers each key that it is asked for, with null where it has nothing',
  },
]

export function equivalentOf(mutant: Mutant, source: string, known: readonly Equivalent[] = equivalents): Equivalent | undefined {
  const line = source.split('\n')[mutant.line - 1]?.trim()
  return known.find(
    ({ path, original, replacement, within }) =>
      path === mutant.path &&
      original === mutant.original &&
      replacement === mutant.replacement &&
      (within === undefined || within === line),
  )
}
