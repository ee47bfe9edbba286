import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mutated, type Mutant } from './mutants.ts'

/** `noticed`: by what. `unclear`: by tests that fail without the mutant too, which says nothing; a busy machine does that. */
export type Verdict = { readonly kind: 'noticed'; readonly by: string } | { readonly kind: 'survived' } | { readonly kind: 'unclear' }

const vitest = ['vitest', 'run', '--config', 'tests/vitest.config.ts', '--bail', '1', '--reporter=dot']
/** Many times what is needed: what takes longer goes round in a circle. */
const startMs = 90_000
const fileMs = 8_000

/**
 * Tries mutants in a copy of the repository: does a test of one stage after another fail, or the type checker? Tests that fail without a mutant too
 * prove nothing: each stage that noticed one is run again without it, once.
 */
export function openJudge(folder: string): (mutant: Mutant, source: string, stages: readonly (readonly string[])[]) => Promise<Verdict> {
  const sound = new Set<string>()

  async function isSound(files: readonly string[]): Promise<boolean> {
    const name = files.join(' ')
    if (!sound.has(name) && (await runTests(folder, files)) === 0) sound.add(name)
    return sound.has(name)
  }

  async function tried(stages: readonly (readonly string[])[]): Promise<{ readonly by: string; readonly files: readonly string[] } | null> {
    for (const [number, files] of stages.entries()) {
      const ended = await runTests(folder, files)
      if (ended !== 0) return { by: ended === 'timeout' ? 'a test that never ended' : `stage ${number + 1}`, files }
    }
    return (await run(folder, ['tsc', '-p', 'tests/tsconfig.json'], startMs)) === 0 ? null : { by: 'types', files: [] }
  }

  return async (mutant, source, stages) => {
    const file = join(folder, mutant.path)
    writeFileSync(file, mutated(source, mutant))
    const noticed = await tried(stages).finally(() => writeFileSync(file, source))
    if (noticed === null) return { kind: 'survived' }
    if (noticed.files.length > 0 && !(await isSound(noticed.files))) return { kind: 'unclear' }
    return { kind: 'noticed', by: noticed.by }
  }
}

const runTests = (folder: string, files: readonly string[]): Promise<number | 'timeout'> =>
  run(folder, [...vitest, ...files], startMs + fileMs * files.length)

/** A program of the packages, in a process group of its own, so that nothing of it stays behind. @returns its exit code. */
async function run(folder: string, [program = '', ...args]: readonly string[], timeoutMs: number): Promise<number | 'timeout'> {
  const env = { ...process.env, CI: '', PATH: `${join(folder, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}` }
  const child = spawn(program, args, { cwd: folder, env, stdio: 'ignore', detached: true })
  const end = (): void => void process.kill(-child.pid!, 'SIGKILL')
  process.once('exit', end)
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    end()
  }, timeoutMs)
  const [code] = (await once(child, 'exit')) as [number | null]
  clearTimeout(timer)
  process.removeListener('exit', end)
  return isLate ? 'timeout' : (code ?? 1)
}
