import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { type Problem, type ProblemCode, problemMediaType, problemOf } from '@deskpulse/contract'
import type { ConnectionError, FastifyInstance } from 'fastify'

const problems: Readonly<Record<string, readonly [code: ProblemCode, detail: string]>> = {
  HPE_HEADER_OVERFLOW: [
    'headers-too-large',
    'the request line and the headers have more than 16 KiB',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: ['request-timeout', 'the request did not come to its end in time'],
}

/** How long a client has to read the answer and hang up. */
const lingerMs = 1_000

/** Answers on a connection that no route answers on any more, and ends it. */
export function writeProblem(
  socket: Socket,
  problem: Problem,
  headers: readonly string[] = [],
): void {
  const body = JSON.stringify(problem)
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    `Content-Type: ${problemMediaType}; charset=utf-8`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
    ...headers,
  ]
  socket.setTimeout(lingerMs, () => socket.destroy())
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

/** Answers what Node's parser gives up on, and ends the connection: nothing that follows on it can be told apart. */
export function answerBrokenRequest({ code }: ConnectionError, socket: Socket): void {
  if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  writeProblem(
    socket,
    problemOf(
      ...(problems[code] ?? (['bad-http', 'this is not HTTP/1.1 that can be read'] as const)),
    ),
  )
}

/** Node hands a CONNECT to no route; without this, it only hangs up. */
export function refuseTunnels(app: FastifyInstance): void {
  app.server.on('connect', (_request, socket: Socket) =>
    writeProblem(socket, problemOf('method-not-allowed', 'this is no proxy'), ['Allow: GET, HEAD']),
  )
}
