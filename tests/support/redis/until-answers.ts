import { setTimeout as pause } from 'node:timers/promises'
import { command } from './command.ts'

const deadlineMs = 20_000

/** Asks the Redis on 127.0.0.1 until it answers PING: it listens and has loaded its data. @throws when `alive` turns false, or at the deadline. */
export async function untilAnswers(port: number, alive: () => boolean): Promise<void> {
  const givesUpAt = Date.now() + deadlineMs
  while (!(await answers(port))) {
    if (!alive()) throw new Error('it ended')
    if (Date.now() > givesUpAt) throw new Error(`no answer on port ${port} for ${deadlineMs} ms`)
    await pause(20)
  }
}

const answers = (port: number): Promise<boolean> =>
  command(port, 'PING').then(
    (answer) => answer === '+PONG',
    () => false,
  )
