import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, Question } from './runner.ts'

/** The tests of a folder. */
export type Tests = {
  /** Paths are from the folder. What takes longer than the limit goes round in a circle: it is ended, and has failed. */
  run(mutant: number | null, files: readonly string[], limitMs: number): Promise<Answer>
}

export function openTests(folder: string): Tests {
  let runner: ChildProcess | null = null

  /** With all that it has started. */
  function end(): void {
    if (runner !== null && runner.exitCode === null && runner.signalCode === null)
      process.kill(-runner.pid!, 'SIGKILL')
    runner = null
  }
  process.once('exit', end)
  const ended = (failed: string): Answer => {
    end()
    return { failed, seen: [] }
  }

  return {
    async run(mutant, files, limitMs) {
      const env = { ...process.env, CI: '' }
      const asked = (runner ??= fork(join(folder, 'tests/mutate/runner.ts'), {
        cwd: folder,
        env,
        stdio: 'ignore',
        detached: true,
      }))
      const isOver = new AbortController()
      const { signal } = isOver
      const answered = once(asked, 'message', { signal }).then(([answer]) => answer as Answer)
      const died = once(asked, 'exit', { signal }).then(() => ended('the process of the tests'))
      asked.send({ mutant, files } satisfies Question)
      const late = sleep(limitMs, 'a test that never ended', { signal }).then(ended)
      const answer = await Promise.race([answered, died, late])
      isOver.abort()
      return answer
    },
  }
}
