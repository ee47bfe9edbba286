import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, Question } from './runner.ts'

/** The tests of a folder. */
export type Tests = {
  /** A file was written. */
  changed(path: string): void
  /** Paths are from the folder. @returns what failed; `null`: nothing did. What goes round in a circle is ended, and has failed. */
  run(files: readonly string[]): Promise<string | null>
}

/** Many times what is needed: what takes longer goes round in a circle. */
const startMs = 90_000
const fileMs = 8_000

export function openTests(folder: string): Tests {
  const changed = new Set<string>()
  let runner: ChildProcess | null = null

  /** With all that it has started. */
  function end(): void {
    if (runner !== null && runner.exitCode === null && runner.signalCode === null) process.kill(-runner.pid!, 'SIGKILL')
    runner = null
  }
  process.once('exit', end)
  const ended = (by: string): string => {
    end()
    return by
  }

  return {
    changed: (path) => void changed.add(path),
    async run(files) {
      const env = { ...process.env, CI: '' }
      const asked = (runner ??= fork(join(folder, 'tests/mutate/runner.ts'), { cwd: folder, env, stdio: 'ignore', detached: true }))
      const isOver = new AbortController()
      const { signal } = isOver
      const answered = once(asked, 'message', { signal }).then(([answer]) => (answer as Answer).failed)
      const died = once(asked, 'exit', { signal }).then(() => ended('the process of the tests'))
      asked.send({ changed: [...changed], files } satisfies Question)
      changed.clear()
      const late = sleep(startMs + fileMs * files.length, 'a test that never ended', { signal }).then(ended)
      const failed = await Promise.race([answered, died, late])
      isOver.abort()
      return failed
    },
  }
}
