import { connect as connectPlain, isIP } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { Kafka, logLevel } from 'kafkajs'
import type { ISocketFactory, KafkaConfig } from 'kafkajs'
import { registerCodecs } from '../codecs/codecs.ts'
import { logTo } from './logger.ts'
import type { KafkaLogger } from './logger.ts'
import { quietRequestQueue } from './request-queue.ts'

export type KafkaClientOptions = {
  /** `host:port` of some of the cluster's brokers. */
  readonly brokers: readonly string[]
  readonly clientId: string
  readonly ssl?: KafkaConfig['ssl']
  readonly sasl?: KafkaConfig['sasl']
  readonly logger?: KafkaLogger
  /** Opens connections; for proxies, and for tests that break them. */
  readonly socketFactory?: ISocketFactory
}

/** Stated in full, because KafkaJS has other defaults where NODE_ENV is `test`. Some ten seconds in all. */
export const retry = { initialRetryTime: 100, factor: 0.2, multiplier: 2, maxRetryTime: 2_000, retries: 8 } as const

const connectionTimeoutMs = 3_000
const requestTimeoutMs = 15_000
const keepAliveMs = 60_000

export function kafkaClient({ brokers, clientId, ssl, sasl, logger = () => {}, socketFactory = promptSockets }: KafkaClientOptions): Kafka {
  registerCodecs()
  quietRequestQueue()
  return new Kafka({
    brokers: [...brokers],
    clientId,
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl }),
    connectionTimeout: connectionTimeoutMs,
    requestTimeout: requestTimeoutMs,
    retry,
    socketFactory,
    logLevel: logLevel.INFO,
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
  return socket
}
