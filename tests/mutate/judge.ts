import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mutated, type Mutant } from './mutants.ts'

/** `noticed`: by what. */
export type Verdict = { readonly kind: 'noticed'; readonly by: string } | { readonly kind: 'survived' }

export type JudgeOptions = {
  /** Of a copy of the repository. */
  readonly folder: string
  /** Test files, tried one stage after another. */
  readonly stages: readonly (readonly string[])[]
}

const vitest = ['vitest', 'run', '--config', 'tests/vitest.config.ts', '--bail', '1', '--reporter=dot']
/** Many times what is needed: what takes longer goes round in a circle. */
const startMs = 90_000
const fileMs = 8_000

/** Whether the tests pass as long as nothing is planted: otherwise they would notice whatever is. */
export async function passes(folder: string, files: readonly string[]): Promise<boolean> {
  return (await run(folder, [...vitest, ...files], startMs + fileMs * files.length)) === 0
}

/** Tries a mutant: does a test of one stage after another fail, or the type checker? The copy is as before afterwards. */
export async function judge(mutant: Mutant, source: string, { folder, stages }: JudgeOptions): Promise<Verdict> {
  const file = join(folder, mutant.path)
  writeFileSync(file, mutated(source, mutant))
  try {
    for (const [number, files] of stages.entries()) {
      const ended = await run(folder, [...vitest, ...files], startMs + fileMs * files.length)
      if (ended !== 0) return { kind: 'noticed', by: ended === 'timeout' ? 'a test that never ended' : `stage ${number + 1}` }
    }
    const typed = await run(folder, ['tsc', '-p', 'tests/tsconfig.json'], startMs)
    return typed === 0 ? { kind: 'survived' } : { kind: 'noticed', by: 'types' }
  } finally {
    writeFileSync(file, source)
  }
}

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
