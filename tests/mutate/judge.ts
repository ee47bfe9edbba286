import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mutated, type Mutant } from './mutants.ts'
import { openTests } from './tests.ts'

/** `noticed`: by what. `unclear`: by tests that fail without the mutant too, which says nothing; a busy machine does that. */
export type Verdict =
  { readonly kind: 'noticed'; readonly by: string } | { readonly kind: 'survived' } | { readonly kind: 'unclear'; readonly by: string }

/**
 * Tries mutants in a copy of the repository: does a test of one stage after another fail, or the type checker? Tests that fail without a mutant too
 * prove nothing: each stage that noticed one is run again without it, once.
 */
export function openJudge(folder: string): (mutant: Mutant, source: string, stages: readonly (readonly string[])[]) => Promise<Verdict> {
  const tests = openTests(folder)
  const sound = new Set<string>()

  function write(path: string, source: string): void {
    writeFileSync(join(folder, path), source)
    tests.changed(path)
  }

  /** @returns what fails without a mutant, too. */
  async function unsound(files: readonly string[]): Promise<string | null> {
    const name = files.join(' ')
    const failed = files.length === 0 || sound.has(name) ? null : await tests.run(files)
    if (failed === null) sound.add(name)
    return failed
  }

  async function tried(stages: readonly (readonly string[])[]): Promise<{ readonly by: string; readonly files: readonly string[] } | null> {
    for (const files of stages) {
      const by = await tests.run(files)
      if (by !== null) return { by, files }
    }
    return (await hasRightTypes(folder)) ? null : { by: 'types', files: [] }
  }

  return async (mutant, source, stages) => {
    write(mutant.path, mutated(source, mutant))
    const noticed = await tried(stages).finally(() => write(mutant.path, source))
    if (noticed === null) return { kind: 'survived' }
    const by = await unsound(noticed.files)
    return by === null ? { kind: 'noticed', by: noticed.by } : { kind: 'unclear', by }
  }
}

async function hasRightTypes(folder: string): Promise<boolean> {
  const checker = spawn(join(folder, 'node_modules/.bin/tsc'), ['-p', 'tests/tsconfig.json'], { cwd: folder, stdio: 'ignore' })
  const [code] = (await once(checker, 'exit')) as [number | null]
  return code === 0
}
