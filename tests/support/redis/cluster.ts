import { startOwnRedis, type OwnRedis, type RedisSettings } from '../redis.ts'
import { until } from '../until.ts'
import { answer, command } from './command.ts'

/** A Redis Cluster on 127.0.0.1: masters that share the slots evenly, each with its replicas. */
export type RedisCluster = {
  readonly nodes: readonly OwnRedis[]
  /** Of all nodes, as the product takes them. */
  readonly url: string
  /** Those that take writes now. */
  masters(): Promise<readonly OwnRedis[]>
  /** Ends a master hard, and returns when a replica has its slots; the node is the caller's to start again. */
  failOver(master: OwnRedis): Promise<void>
  /** Returns when a node that came back has a copy of its new master's data. */
  replicated(node: OwnRedis): Promise<void>
  stop(): Promise<void>
}

export type RedisClusterOptions = {
  readonly masters: number
  readonly replicasOfEach: number
  /** Starts a node. Default: `startOwnRedis`. */
  readonly start?: (settings: RedisSettings) => Promise<OwnRedis & { readonly tlsPort?: number }>
}

const slotCount = 16_384
const nodeTimeoutMs = 1_500
const settings = {
  'cluster-enabled': 'yes',
  'cluster-announce-ip': '127.0.0.1',
  'cluster-node-timeout': `${nodeTimeoutMs}`,
  'cluster-replica-validity-factor': '0', // A replica takes over however old it is: there is no other.
}

export async function startRedisCluster({
  masters: count,
  replicasOfEach,
  start = startOwnRedis,
}: RedisClusterOptions): Promise<RedisCluster> {
  const nodes: (OwnRedis & { readonly tlsPort?: number })[] = []
  const stop = async (): Promise<void> => void (await Promise.all(nodes.map((node) => node.stop())))
  try {
    for (let made = 0; made < count * (1 + replicasOfEach); made += 1)
      nodes.push(await start(settings))
    await join(nodes, count)
  } catch (error) {
    await stop()
    throw error
  }

  async function masters(): Promise<readonly OwnRedis[]> {
    const roles = await Promise.all(
      nodes.map((node) => answer(node.port, 'ROLE').catch(() => 'away')),
    )
    return nodes.filter((_, at) => roles[at]!.includes('master'))
  }

  return {
    nodes,
    url: nodes.map(({ url }) => url).join(','),
    masters,
    async failOver(master) {
      await master.kill()
      const others = nodes.filter((node) => node !== master)
      const state = 'a replica has taken over'
      await until(state, masters, (all) => all.length === count)
      await Promise.all(others.map((node) => untilWhole(node)))
    },
    replicated: untilCopied,
    stop,
  }
}

/** The first `masters` nodes share the slots, the others follow them in turn. */
async function join(
  nodes: readonly (OwnRedis & { readonly tlsPort?: number })[],
  masters: number,
): Promise<void> {
  const [first] = nodes
  for (const { port, tlsPort = port } of nodes.slice(1))
    await expectOk(first!.port, `CLUSTER MEET 127.0.0.1 ${tlsPort}`)
  const bound = (number: number): number => Math.round((number * slotCount) / masters)
  for (const [number, { port }] of nodes.slice(0, masters).entries())
    await expectOk(port, `CLUSTER ADDSLOTSRANGE ${bound(number)} ${bound(number + 1) - 1}`)
  for (const node of nodes) await untilWhole(node)
  for (const [number, { port }] of nodes.slice(masters).entries()) {
    const [, id = ''] = (await answer(nodes[number % masters]!.port, 'CLUSTER MYID')).split('\r\n')
    const follow = (): Promise<string> => command(port, `CLUSTER REPLICATE ${id}`)
    await until('a replica follows its master', follow, (said) => said === '+OK')
    await untilCopied({ port })
  }
}

async function expectOk(port: number, words: string): Promise<void> {
  const said = await command(port, words)
  if (said !== '+OK') throw new Error(`${words} on port ${port}: ${said}`)
}

const untilWhole = async ({ port }: OwnRedis): Promise<void> =>
  void (await until(
    `the node at ${port} knows all of its cluster`,
    () => answer(port, 'CLUSTER INFO'),
    (info) => info.includes('cluster_state:ok'),
  ))

const untilCopied = async ({ port }: Pick<OwnRedis, 'port'>): Promise<void> =>
  void (await until(
    `the replica at ${port} has a copy`,
    () => answer(port, 'ROLE'),
    (role) => role.includes('slave') && role.includes('connected'),
  ))
