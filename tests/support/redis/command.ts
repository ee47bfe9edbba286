import { createConnection } from 'node:net'

const answerMs = 5_000

/** Sends one command without arguments that hold spaces. @returns the first line of the answer. @throws when none comes. */
export function command(port: number, words: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(port, '127.0.0.1', () => socket.write(`${words}\r\n`))
    socket.setTimeout(answerMs)
    const fail = (reason: string): void => {
      socket.destroy()
      reject(new Error(`${words} on port ${port}: ${reason}`))
    }
    socket.once('data', (data) => {
      socket.destroy()
      resolve(data.toString().split('\r\n')[0] ?? '')
    })
    socket.once('error', (error) => fail(error.message))
    socket.once('timeout', () => fail('no answer'))
    socket.once('close', () => fail('the connection was closed'))
  })
}
