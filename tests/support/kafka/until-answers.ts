import { createConnection } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

const deadlineMs = 180_000

/** An ApiVersions request, version 0, correlation id 1, no client id: the first thing that any Kafka client asks. */
const apiVersionsRequest = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 255, 255])

/** Asks the broker on 127.0.0.1 until it answers a request. @throws when `alive` turns false, or after three minutes. */
export async function untilAnswers(port: number, alive: () => boolean): Promise<void> {
  const givesUpAt = Date.now() + deadlineMs
  while (!(await answers(port))) {
    if (!alive()) throw new Error('it ended')
    if (Date.now() > givesUpAt) throw new Error(`no answer on port ${port} for ${deadlineMs} ms`)
    await pause(50)
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1', () => socket.write(apiVersionsRequest))
    socket.setTimeout(2_000)
    const done = (answered: boolean) => {
      socket.destroy()
      resolve(answered)
    }
    socket.once('data', () => done(true))
    for (const failure of ['error', 'close', 'timeout']) socket.once(failure, () => done(false))
  })
}
