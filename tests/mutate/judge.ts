import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mutated, type Mutant } from './mutants.ts'
import { withSwitches } from './switches.ts'
import { openTests } from './tests.ts'
import { openTypes } from './types.ts'

/** `by`: a test file, the type checker, or what went wrong. `reach`: how many test files come by the mutant. */
export type Verdict =
  | { readonly kind: 'noticed'; readonly by: string }
  | { readonly kind: 'survived'; readonly reach: number }

export type Judge = (number: number) => Promise<Verdict>

/** Many times what is needed: what takes longer goes round in a circle. */
const limitOf = (tookMs: readonly number[]): number =>
  tookMs.reduce((sumMs, ms) => sumMs + 3 * ms, 20_000)
const surveyMs = 600_000

/** What a test file does without a mutant. */
type Known = { readonly tookMs: number; readonly reached: ReadonlySet<number> }

/**
 * Tries mutants in a copy of the repository. All of them are written into it at once, and each is switched on in its turn: nothing is compiled again.
 * Test files are first run without any: each tells which it comes by, and is asked about these alone. What no test notices the type checker may.
 * @param stagesOf the test files that may notice a mutant: a stage is asked where those before it noticed nothing
 * @param unsound a test file that fails without a mutant: what it says of one proves nothing, and it is not asked
 */
export function openJudge(
  folder: string,
  mutants: readonly Mutant[],
  stagesOf: (mutant: Mutant) => readonly (readonly string[])[],
  unsound: (file: string) => void,
): Judge {
  const paths = new Set(mutants.map(({ path }) => path))
  const sources = new Map(
    [...paths].map((path) => [path, readFileSync(join(folder, path), 'utf8')]),
  )
  for (const [path, source] of sources) {
    const own = new Map([...mutants.entries()].filter(([, mutant]) => mutant.path === path))
    writeFileSync(join(folder, path), withSwitches(source, own))
  }
  const tests = openTests(folder)
  const types = openTypes(folder, sources)
  const known = new Map<string, Known | null>()
  /** What runs while modules are loaded is run for the first test file that loads them: any may notice it. */
  const loading = new Set<number>()

  async function survey(files: readonly string[]): Promise<void> {
    if (files.length === 0) return
    const { failed, seen } = await tests.run(null, files, surveyMs)
    if (failed !== null) {
      if (!files.includes(failed)) throw new Error(`without any mutant: ${failed}`)
      known.set(failed, null)
      unsound(failed)
      return survey(files.filter((file) => file !== failed))
    }
    for (const [at, file] of files.entries()) {
      const { tookMs, testing } = seen[at]!
      known.set(file, { tookMs, reached: new Set(testing) })
      for (const number of seen[at]!.loading) loading.add(number)
    }
  }

  return async (number) => {
    const mutant = mutants[number]!
    let reach = 0
    for (const related of stagesOf(mutant)) {
      await survey(related.filter((file) => !known.has(file)))
      const isReached = (file: string): boolean =>
        loading.has(number) || known.get(file)!.reached.has(number)
      const tookMs = (file: string): number => known.get(file)!.tookMs
      const files = related
        .filter((file) => known.get(file) !== null && isReached(file))
        .toSorted((a, b) => tookMs(a) - tookMs(b))
      reach += files.length
      const limitMs = limitOf(files.map(tookMs))
      const failed = files.length === 0 ? null : (await tests.run(number, files, limitMs)).failed
      if (failed !== null) return { kind: 'noticed', by: failed }
    }
    const isRight = types.areRight(mutant.path, mutated(sources.get(mutant.path)!, mutant))
    return isRight ? { kind: 'survived', reach } : { kind: 'noticed', by: 'types' }
  }
}
