import { createConnection } from 'node:net'

const answerMs = 5_000

/** Sends one command without arguments that hold spaces. @returns the first line of the answer. @throws when none comes. */
export async function command(port: number, words: string): Promise<string> {
  return (await answer(port, words)).split('\r\n')[0] ?? ''
}

/** The same, with the answer as it comes first: one of a kilobyte or two is whole. */
export function answer(port: number, words: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(port, '127.0.0.1', () => socket.write(`${words}\r\n`))
    socket.setTimeout(answerMs)
    const fail = (reason: string): void => {
      socket.destroy()
      reject(new Error(`${words} on port ${port}: ${reason}`))
    }
    socket.once('data', (data) => {
      socket.destroy()
      resolve(data.toString())
    })
    socket.once('error', (error) => fail(error.message))
    socket.once('timeout', () => fail('no answer'))
    socket.once('close', () => fail('the connection was closed'))
  })
}
