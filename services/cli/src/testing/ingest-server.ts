import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Reply = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}
export type Request = {
  readonly path: string
  readonly contentType: string
  readonly headers: IncomingHttpHeaders
  readonly lines: readonly string[]
}

export type IngestServer = AsyncDisposable & {
  readonly url: string
  readonly requests: readonly Request[]
  /** Lines of all requests that were answered with 202. */
  readonly accepted: readonly string[]
}

export function acceptAll(request: Request): Reply {
  return { status: 202, body: { accepted: request.lines.length, refused: 0, refusals: [] } }
}

/** A stand-in for ingest on a free port; `reply` sees the request and how many came before it. */
export async function startIngestServer(
  reply: (request: Request, before: number) => Reply = acceptAll,
): Promise<IngestServer> {
  const requests: Request[] = []
  const accepted: string[] = []
  const server = createServer((message, response) => {
    void textOf(message).then((text) => {
      const request = {
        path: message.url ?? '',
        contentType: message.headers['content-type'] ?? '',
        headers: message.headers,
        lines: text.split('\n').filter((line) => line !== ''),
      }
      const { status, headers = {}, body = {} } = reply(request, requests.length)
      requests.push(request)
      if (status === 202) accepted.push(...request.lines)
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(body))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    accepted,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
