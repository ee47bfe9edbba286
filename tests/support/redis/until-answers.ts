import { createConnection } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

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

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1', () => socket.write('PING\r\n'))
    socket.setTimeout(1_000)
    const done = (answered: boolean): void => {
      socket.destroy()
      resolve(answered)
    }
    socket.once('data', (data) => done(data.toString().startsWith('+PONG')))
    for (const failure of ['error', 'close', 'timeout']) socket.once(failure, () => done(false))
  })
}
