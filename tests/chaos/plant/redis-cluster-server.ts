import { setTimeout as pause } from 'node:timers/promises'
import { command } from '../../support/redis/command.ts'
import { startRedisCluster } from '../../support/redis/cluster.ts'
import { noLinks, type RedisServer } from './servers.ts'

/** Three masters, each with a replica; the product finds them without proxies. Who is killed has been taken over from before it comes back, as a replica. */
export async function redisClusterServer(stack: AsyncDisposableStack): Promise<RedisServer> {
  const cluster = await startRedisCluster({ masters: 3, replicasOfEach: 1 })
  stack.defer(() => cluster.stop())
  return {
    config: { url: cluster.url, cluster: true },
    links: noLinks,
    async kill(of, forMs) {
      const masters = await cluster.masters()
      const lost = masters[of % masters.length]!
      await cluster.failOver(lost)
      await pause(forMs)
      await lost.start()
      await cluster.replicated(lost)
    },
    bringBack: () => Promise.reject(new Error('a node that comes back copies its new master')),
    async empty() {
      for (const { port } of await cluster.masters()) await command(port, 'FLUSHALL')
    },
    async pauseWrites(forMs) {
      const [master] = await cluster.masters()
      await command(master!.port, `CLIENT PAUSE ${Math.round(forMs)} WRITE`)
    },
  }
}
