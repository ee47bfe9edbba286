import type { Socket } from 'node:net'

export type ReceivedRequest = {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** How a receiver treats a connection, and a request that came over it. A connection that is `taken` is not read for a request. */
export type Behaviour = {
  readonly onConnection?: (socket: Socket) => 'taken' | undefined
  readonly onRequest?: (socket: Socket, request: ReceivedRequest) => void
}

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  204: 'No Content',
  301: 'Moved Permanently',
  410: 'Gone',
  429: 'Too Many Requests',
}

/** An orderly answer. */
export function answers(
  status: number,
  body = '',
  headers: Readonly<Record<string, string>> = {},
): Behaviour {
  const fields = Object.entries({
    ...headers,
    ...(status !== 204 && { 'content-length': String(Buffer.byteLength(body)) }),
  })
  const head = [
    `HTTP/1.1 ${status} ${reasons[status] ?? 'Status'}`,
    ...fields.map(([name, value]) => `${name}: ${value}`),
  ]
  return { onRequest: (socket) => void socket.end(`${head.join('\r\n')}\r\n\r\n${body}`) }
}

/** These bytes, and then the end of the connection. */
export function answersRaw(bytes: string): Behaviour {
  return { onRequest: (socket) => void socket.end(bytes, 'latin1') }
}

/** Answers with `first`, then with `then` for ever. */
export function answersInTurn(first: readonly Behaviour[], then: Behaviour): Behaviour {
  let turn = 0
  return {
    onRequest: (socket, request) => {
      const behaviour = first[turn] ?? then
      turn += 1
      behaviour.onRequest?.(socket, request)
    },
  }
}

/** Sends `bytes` at once and then `drop` every few milliseconds, for ever. */
function drips(bytes: string, drop: string): Behaviour {
  return {
    onRequest: (socket) => {
      socket.write(bytes)
      const dripping = setInterval(() => socket.write(drop), 5)
      socket.on('close', () => clearInterval(dripping))
    },
  }
}

/** Writes as fast as it is read, for ever. */
function pours(head: string): Behaviour {
  const chunk = Buffer.alloc(64 * 1024, 'x')
  return {
    onRequest: (socket) => {
      socket.write(head)
      const pour = (): void => {
        while (socket.writable && socket.write(chunk)) continue
      }
      socket.on('drain', pour)
      pour()
    },
  }
}

/** The receivers that nobody hopes for. */
export const hostile = {
  /** Takes the request and says nothing. */
  silent: { onRequest: () => undefined },
  /** Does not even read. */
  deaf: { onConnection: () => 'taken' },
  slowHeaders: drips('HTTP/1.1 200 OK\r\n', 'x-drop: 1\r\n'),
  slowBody: drips('HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n', 'x'),
  slowFailure: drips(
    'HTTP/1.1 503 Busy\r\nretry-after: 7\r\ncontent-length: 1000000\r\n\r\nlater',
    'x',
  ),
  endlessBody: pours('HTTP/1.1 200 OK\r\n\r\n'),
  endlessHeaders: pours('HTTP/1.1 200 OK\r\nx-endless: '),
  endlessContinue: drips('HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 100 Continue\r\n\r\n'),
  closesAtOnce: {
    onConnection: (socket) => {
      socket.destroy()
      return 'taken'
    },
  },
  resets: { onRequest: (socket) => void socket.resetAndDestroy() },
  /** What a web server says to a handshake on a port without TLS. */
  noTls: {
    onConnection: (socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
      return 'taken'
    },
  },
  closesAfterTheRequest: { onRequest: (socket) => void socket.end() },
  closesInTheHeaders: answersRaw('HTTP/1.1 200 OK\r\ncontent-le'),
  closesInTheBody: answersRaw('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"errcode":'),
  closesInTheBodyOfAFailure: answersRaw('HTTP/1.1 500 Oops\r\ncontent-length: 100\r\n\r\nsorry'),
  hugeHeaders: answersRaw(`HTTP/1.1 200 OK\r\nx-huge: ${'x'.repeat(100_000)}\r\n\r\n`),
  invalidChunks: answersRaw(
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\nnonsense\r\n0\r\n\r\n',
  ),
  twoLengths: answersRaw('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok!'),
  noHttp: answersRaw('220 mail.example ESMTP\r\n'),
  switchesProtocols: answersRaw(
    'HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n',
  ),
} as const satisfies Readonly<Record<string, Behaviour>>
