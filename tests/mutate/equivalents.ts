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
export const equivalents: readonly Equivalent[] = []

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
