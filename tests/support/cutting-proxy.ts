import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { Socket } from 'node:net'

export type CuttingProxy = {
  /** For a Kafka client: every connection goes through the proxy, whatever address the broker advertises. */
  readonly socketFactory: (connection: { readonly onConnect: () => void }) => Socket
  /** From now on every n-th answer is swallowed, and its connection cut: the broker has done the work, the client does not know. `null`: none. */
  cutAnswers(when: { readonly every: number } | null): void
  cuts(): number
  close(): Promise<void>
}

/** A TCP proxy on 127.0.0.1 before `broker` (`host:port`) that cuts connections when an answer comes back. */
export async function cuttingProxy(target: string): Promise<CuttingProxy> {
  const [host = '', port = ''] = target.split(':')
  const sockets = new Set<Socket>()
  let every: number | null = null
  let answers = 0
  let cuts = 0

  const server = createServer((client) => {
    const broker = connect(Number(port), host)
    const end = () => [client, broker].forEach((socket) => socket.destroy())
    for (const socket of [client, broker]) {
      sockets.add(socket)
      socket.on('error', end)
      socket.on('close', () => {
        sockets.delete(socket)
        end()
      })
    }
    client.pipe(broker)
    broker.on('data', (chunk) => {
      if (every === null || ++answers % every !== 0) return void client.write(chunk)
      cuts++
      end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')

  return {
    socketFactory: ({ onConnect }) => connect({ port: address.port, host: '127.0.0.1' }, onConnect),
    cutAnswers(when) {
      every = when?.every ?? null
    },
    cuts: () => cuts,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
