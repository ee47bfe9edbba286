import { fork, type ChildProcess } from 'node:child_process'
import { resolve } from 'node:path'

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** A process of the bench that answers each message with one. */
export type Worker<Message, Answer> = {
  readonly pid: number
  /** @throws Error when it ends instead. */
  ask(message: Message): Promise<Answer>
  /** Lets it close what it has open, and waits for its end. */
  end(): Promise<void>
}

/** `main`: a module's path from tests/bench. Resolves when it has said that it is ready. */
export async function startWorker<Message extends object | string, Answer>(
  main: string,
  args: readonly string[],
): Promise<Worker<Message, Answer>> {
  const child = fork(resolve(import.meta.dirname, '..', main), args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  running.add(child)
  const ended = new Promise<void>((done) => child.once('exit', () => done()))

  const answer = (): Promise<unknown> =>
    new Promise((done, failed) => {
      const onEnd = (): void => failed(new Error(`${main} ${args.join(' ')} has ended`))
      child.once('exit', onEnd)
      child.once('message', (message) => {
        child.removeListener('exit', onEnd)
        done(message)
      })
    })

  await answer()
  return {
    pid: child.pid ?? Number.NaN,
    async ask(message) {
      const answered = answer()
      child.send(message)
      return (await answered) as Answer
    },
    async end() {
      if (child.connected) child.disconnect()
      await ended
      running.delete(child)
    },
  }
}
