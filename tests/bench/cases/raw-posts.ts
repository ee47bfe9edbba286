import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export type Post = {
  readonly body: string
  readonly type: string
  /** A key; left out: it brings none. */
  readonly key?: string
}

/**
 * Posts over bare sockets that stay, `atOnce` of them, one request after another on each: a client that costs next to nothing, where the server's cost of a
 * request is measured in the same process. @throws Error unless each answer is a 202.
 */
export async function postAll(url: string, posts: readonly Post[], atOnce: number): Promise<void> {
  const { hostname, port, host, pathname } = new URL(url)
  const waiting = posts.values()

  async function client(): Promise<void> {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    await once(socket, 'connect')
    for (const { body, type, key } of waiting) {
      const headers = [
        ...[`host: ${host}`, `content-type: ${type}`, `content-length: ${Buffer.byteLength(body)}`],
        ...(key === undefined ? [] : [`authorization: Bearer ${key}`]),
      ]
      const head = `POST ${pathname} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`
      socket.write(head + body)
      await accepted(socket)
    }
    socket.destroy()
  }

  await Promise.all(Array.from({ length: atOnce }, client))
}

/** Answers of ingest are short: one piece. */
async function accepted(socket: Socket): Promise<void> {
  const [answer] = (await once(socket, 'data')) as [Buffer]
  const text = answer.toString()
  if (!text.startsWith('HTTP/1.1 202') || !text.endsWith('}'))
    throw new Error(`ingest answers ${text}`)
}
