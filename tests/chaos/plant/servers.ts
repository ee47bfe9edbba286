import { setTimeout as pause } from 'node:timers/promises'
import { cuttingProxy, type CuttingProxy, type LinkFaults } from '../../support/cutting-proxy.ts'
import { processKafka, type KafkaProcesses } from '../../support/kafka/process.ts'
import { startOwnRedis, type OwnRedis } from '../../support/redis.ts'
import { answer, command } from '../../support/redis/command.ts'
import { until } from '../../support/until.ts'

/** A server of the product's, and the links to it. */
export type Server = {
  /** The product's configuration of it. */
  readonly config: object
  readonly links: LinkFaults
  kill(of: number, forMs: number): Promise<void>
}

export type KafkaServer = Server & { readonly kafka: KafkaProcesses }
export type RedisServer = Server & {
  bringBack(writes: number, forMs: number): Promise<void>
  empty(): Promise<void>
  pauseWrites(forMs: number): Promise<void>
}

/** Kafka, the product's way to each node through a proxy. */
export async function kafkaServer(
  stack: AsyncDisposableStack,
  nodes: number,
): Promise<KafkaServer> {
  const proxies: CuttingProxy[] = []
  stack.defer(async () => void (await Promise.all(proxies.map((proxy) => proxy.close()))))
  const kafka = await processKafka({
    nodes,
    outerPort: async (port) => {
      const proxy = await cuttingProxy(`127.0.0.1:${port}`)
      proxies.push(proxy)
      return proxy.port
    },
  })
  stack.defer(() => kafka.stop())
  return {
    kafka,
    config: { brokers: kafka.outerBrokers },
    links: together(proxies),
    async kill(of, forMs) {
      const node = kafka.nodes[of % kafka.nodes.length]!
      await node.kill()
      await pause(forMs)
      await node.start()
    },
  }
}

/** One Redis behind a proxy. It writes nothing down unless a snapshot is asked for. */
export async function redisServer(stack: AsyncDisposableStack): Promise<RedisServer> {
  const redis: OwnRedis = await startOwnRedis()
  stack.defer(() => redis.stop())
  const proxy = await cuttingProxy(`127.0.0.1:${redis.port}`)
  stack.defer(() => proxy.close())
  /** Ends it hard, and starts it again with what it held so many writes before. */
  const bringBack = async (writes: number, forMs: number): Promise<void> => {
    await command(redis.port, 'SAVE')
    await until(
      'Redis has forgotten enough',
      () => writesSinceSave(redis.port),
      (count) => count >= writes,
      forgetting,
    ).catch(() => {}) // As it is, then.
    await redis.kill()
    await pause(forMs)
    await redis.start()
  }
  return {
    config: { url: `redis://127.0.0.1:${proxy.port}` },
    links: proxy,
    kill: (_of, forMs) => bringBack(0, forMs),
    bringBack,
    async empty() {
      await command(redis.port, 'FLUSHALL')
    },
    async pauseWrites(forMs) {
      await command(redis.port, `CLIENT PAUSE ${Math.round(forMs)} WRITE`)
    },
  }
}

const forgetting = { withinMs: 10_000, everyMs: 20 }

async function writesSinceSave(port: number): Promise<number> {
  const info = await answer(port, 'INFO persistence')
  return Number(/^rdb_changes_since_last_save:(\d+)/m.exec(info)?.[1] ?? 0)
}

/** Of a server that is reached without proxies. */
export const noLinks: LinkFaults = together([])

function together(all: readonly LinkFaults[]): LinkFaults {
  return {
    cutAnswers: (when) => all.forEach((one) => one.cutAnswers(when)),
    holdAll: (held) => all.forEach((one) => one.holdAll(held)),
    delayEach: (ms) => all.forEach((one) => one.delayEach(ms)),
    sever: () => all.forEach((one) => one.sever()),
  }
}
