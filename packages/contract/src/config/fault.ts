import { nearest } from './nearest.ts'

/** What is wrong with one place of the file. `unknown-kpi`: it names a KPI, or a statistic of one, that does not exist. */
export type Fault = {
  readonly path: readonly PropertyKey[]
  readonly expected: string
  /** What was probably meant, or what to do. */
  readonly hint?: string
  readonly code?: 'bad-request' | 'unknown-kpi'
}

export const under = (path: readonly PropertyKey[], faults: readonly Fault[]): Fault[] =>
  faults.map((fault) => ({ ...fault, path: [...path, ...fault.path] }))

/** Two letters are near too many words. */
const hintedLettersMin = 3

/** A hint at the known word that a mistyped one most likely means; nothing when none is near. */
export function didYouMean(word: string, known: readonly string[]): { readonly hint?: string } {
  const near = word.length < hintedLettersMin ? null : nearest(word, known)
  return near === null ? {} : { hint: `did you mean ${near}?` }
}

/** What a name should be: with the known one that is near, else with all of them. */
export function oneOf(
  what: string,
  word: string,
  known: readonly string[],
): Pick<Fault, 'expected' | 'hint'> {
  const near = didYouMean(word, known)
  return near.hint === undefined
    ? { expected: `${what}: one of ${known.join(', ')}` }
    : { expected: what, ...near }
}

/** Where a value stands that stood before. `null`: a value that cannot be read, and repeats nothing. */
export function repeatedAt(values: readonly (string | null)[]): number[] {
  return values.flatMap((value, at) => (value !== null && values.indexOf(value) < at ? [at] : []))
}
