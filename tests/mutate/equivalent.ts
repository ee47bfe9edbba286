/**
 * A mutant that no test can notice, since nothing that anybody may rely on is different, and why. `within`: the line that it is in, without spaces around
 * it, where the change alone would mean several places.
 */
export type Equivalent = {
  readonly path: string
  readonly original: string
  readonly replacement: string
  readonly within?: string
  readonly reason: string
}

/** Several of one line. */
export const ofLine = (
  path: string,
  within: string,
  reason: string,
  ...changes: readonly (readonly [original: string, replacement: string])[]
): Equivalent[] =>
  changes.map(([original, replacement]) => ({ path, original, replacement, within, reason }))
