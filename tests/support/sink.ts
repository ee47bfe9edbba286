import { once } from 'node:events'
import { createServer } from 'node:http'

/** Takes any JSON that is posted to it, and keeps it. */
export type Sink = { readonly url: string; bodies(): readonly unknown[]; stop(): Promise<void> }

export async function startSink(): Promise<Sink> {
  const kept: unknown[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      kept.push(JSON.parse(Buffer.concat(chunks).toString()))
      response.writeHead(200).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  return {
    url: `http://127.0.0.1:${address.port}/`,
    bodies: () => kept,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
