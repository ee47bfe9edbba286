import {
  Agent,
  type ClientRequest,
  type IncomingMessage,
  request as httpRequest,
  type RequestOptions,
} from 'node:http'
import { Agent as SecureAgent, request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import type { ClientTls } from '@deskpulse/contract'
import type { OutRequest } from '../channels/channel.ts'
import { readAnswer } from './answer.ts'
import type { ResolvedAddress } from './resolve.ts'
import type { SendFailure, Sent } from './sender.ts'
import type { Target } from './target.ts'
import { wordOf } from './words.ts'

export type Exchange = {
  readonly target: Target
  /** Checked; one of them is connected to. */
  readonly addresses: readonly ResolvedAddress[]
  readonly request: OutRequest
  readonly answerBytesMax: number
  readonly headerBytesMax: number
  /** Certificates to trust instead of the well-known ones. */
  readonly ca: string | undefined
  /** Ends the exchange; its reason is the `Sent` to give. */
  readonly cut: AbortSignal
  /** The receiver can be reached: from here on it is the answer that is waited for. */
  readonly connected: () => void
}

/** How far an exchange came: it says what an error means. */
type Stage = 'connecting' | 'handshaking' | 'asking' | 'reading'

const failureAt: Readonly<Record<Stage, SendFailure>> = {
  connecting: 'connection-failed',
  handshaking: 'tls-failed',
  asking: 'answer-broken',
  reading: 'answer-broken',
}

/** Each exchange has a connection of its own, so that no address outlives its check. No proxy, whatever the environment says. */
const agents = {
  http: new Agent({ keepAlive: false }),
  https: new SecureAgent({ keepAlive: false, maxCachedSessions: 0 }),
}

/** One request over one new connection. Settles once, with the connection closed. */
export function exchange(one: Exchange): Promise<Sent> {
  const { promise, resolve } = Promise.withResolvers<Sent>()
  let stage: Stage = 'connecting'
  const outgoing = one.target.secure ? httpsRequest(optionsOf(one)) : httpRequest(optionsOf(one))
  const fail = (error: unknown): void =>
    resolve({ kind: 'failed', reason: failureAt[stage], detail: wordOf(error) })
  const stop = (): void => {
    if (stage !== 'reading') resolve(one.cut.reason as Sent) // A reader decides for itself.
    outgoing.destroy()
  }
  followSocket(outgoing, one.target.secure, (reached) => {
    stage = reached
    if (reached === 'asking') one.connected()
  })
  outgoing.on('response', (incoming: IncomingMessage) => {
    stage = 'reading'
    void readAnswer(incoming, one.answerBytesMax, one.cut).then(resolve)
  })
  outgoing.on('error', (error) => {
    if (stage !== 'reading') fail(error)
  })
  outgoing.on('close', () => {
    if (stage !== 'reading') fail(new Error('closed without an answer'))
  })
  one.cut.addEventListener('abort', stop, { once: true })
  if (one.cut.aborted) stop()
  outgoing.end(one.request.body)
  return promise.finally(() => {
    one.cut.removeEventListener('abort', stop)
    outgoing.destroy()
  })
}

function followSocket(
  outgoing: ClientRequest,
  secure: boolean,
  reached: (stage: 'handshaking' | 'asking') => void,
): void {
  outgoing.on('socket', (socket) => {
    socket.once('connect', () => reached(secure ? 'handshaking' : 'asking'))
    if (secure) socket.once('secureConnect', () => reached('asking'))
  })
}

type SecureOptions = RequestOptions & Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'servername'>

/** What the endpoint says stands over what is usual. */
const saidOf = (tls: ClientTls = {}): ConnectionOptions =>
  Object.fromEntries(Object.entries(tls).filter(([, value]) => value !== undefined))

function optionsOf({ target, addresses, request, headerBytesMax, ca }: Exchange): SecureOptions {
  const { url, host, literal, secure } = target
  return {
    agent: secure ? agents.https : agents.http,
    method: request.method ?? 'POST',
    host,
    port: url.port === '' ? (secure ? 443 : 80) : url.port,
    path: `${url.pathname}${url.search}`,
    headers: {
      ...request.headers,
      host: url.host,
      ...(request.method !== 'GET' && { 'content-length': Buffer.byteLength(request.body) }),
      connection: 'close',
    },
    lookup: lookupOf(addresses),
    maxHeaderSize: headerBytesMax,
    insecureHTTPParser: false,
    ...(secure && {
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      ca,
      ...(!literal && { servername: host }),
      ...saidOf(request.tls),
    }),
  }
}

/** Answers with the checked addresses, whatever is asked. An address as host asks nothing. */
function lookupOf(addresses: readonly ResolvedAddress[]): LookupFunction {
  return (_host, options, callback) => {
    if (options.all === true) callback(null, [...addresses])
    else callback(null, addresses[0]!.address, addresses[0]!.family)
  }
}
