import type { ClusterOptions, RedisOptions } from 'ioredis'

/** All but `servername` is PEM. */
export type RedisTls = {
  /** Whose certificates are trusted, instead of the well-known authorities. */
  readonly ca?: string | undefined
  /** What this side shows, where the server asks for it. */
  readonly cert?: string | undefined
  readonly key?: string | undefined
  /** The name that the server's certificate must be for; default: its host. */
  readonly servername?: string | undefined
}

type Credentials = {
  readonly username?: string | undefined
  readonly password?: string | undefined
  readonly tls?: RedisTls | undefined
}

/** Who says which Redis is the master. What is not said of the sentinels' credentials they do not ask for. */
type RedisSentinel = Credentials & {
  /** `host:port` of some of them. */
  readonly nodes: readonly string[]
  /** What they call it. */
  readonly master: string
}

/** Credentials go before those of the URL. */
export type RedisStateStoreOptions = Credentials & {
  /** `redis://[user:password@]host:port[/db]`, `rediss://` for TLS. With `cluster`: one or several nodes, separated by commas. */
  readonly url: string
  /** The address is that of a Redis Cluster. */
  readonly cluster?: boolean
  /** Its answer stands in the place of the URL's host and port. */
  readonly sentinel?: RedisSentinel | undefined
  /** The generation to open, which no rebuild changes under the caller. Default: whichever is current, followed when a rebuild switches it. */
  readonly generation?: string
  /** Partitions of the log that this store is a projection of. */
  readonly partitions: number
  /** The generation may be another than the one that readers use, and is made when it is missing. */
  readonly rebuilding?: boolean
  /** What all keys begin with, to keep several installations on one Redis apart. Default `dp`. */
  readonly namespace?: string
  /** About how many commits the change feed of a partition keeps. Default 1,000. */
  readonly changesKept?: number
  /** No operation waits longer for an answer. Default 5,000. */
  readonly commandTimeoutMs?: number
  /** Further settings of the connection. */
  readonly connection?: Pick<RedisOptions, 'connectionName' | 'family'>
  /** Further settings of a cluster (address translation …). */
  readonly clusterConnection?: Pick<ClusterOptions, 'natMap' | 'dnsLookup'>
}
