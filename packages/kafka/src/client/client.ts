import { connect as connectPlain, isIP } from 'node:net'
import { connect as connectTls } from 'node:tls'
import kafkajs from 'kafkajs'
import type { ISocketFactory, Kafka } from 'kafkajs'
import { registerCodecs } from '../codecs/codecs.ts'
import { accessOf, type KafkaAccess } from './access.ts'
import { logTo } from './logger.ts'
import type { KafkaLogger } from './logger.ts'
import { retry } from './retry.ts'
import { quietRequestQueue } from './request-queue.ts'

export type KafkaClientOptions = KafkaAccess & {
  /** `host:port` of some of the cluster's brokers. */
  readonly brokers: readonly string[]
  readonly clientId: string
  readonly logger?: KafkaLogger
  /** Opens connections; for proxies, and for tests that break them. */
  readonly socketFactory?: ISocketFactory
}

const connectionTimeoutMs = 3_000
const requestTimeoutMs = 15_000
const keepAliveMs = 60_000

export function kafkaClient({
  brokers,
  clientId,
  ssl,
  sasl,
  logger = () => {},
  socketFactory = promptSockets,
}: KafkaClientOptions): Kafka {
  registerCodecs()
  quietRequestQueue()
  return new kafkajs.Kafka({
    brokers: [...brokers],
    clientId,
    ...accessOf({ ssl, sasl }),
    connectionTimeout: connectionTimeoutMs,
    requestTimeout: requestTimeoutMs,
    retry,
    socketFactory,
    logLevel: kafkajs.logLevel.INFO,
    logCreator: logTo(logger),
  })
}

/** As KafkaJS' own, and without Nagle's algorithm: small requests that share a connection must not wait for each other's acknowledgement. */
const promptSockets: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const socket = ssl
    ? connectTls({ host, port, ...(isIP(host) ? {} : { servername: host }), ...ssl }, onConnect)
    : connectPlain({ host, port }, onConnect)
  socket.setNoDelay(true)
  socket.setKeepAlive(true, keepAliveMs)
  socket.setMaxListeners(0) // KafkaJS lets go of a closed one again and again, and each time a listener for its connection stays: Node warned of a leak.
  return socket
}
