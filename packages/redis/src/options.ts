import type { ClusterOptions, RedisOptions } from 'ioredis'

export type RedisStateStoreOptions = {
  /** `redis://[user:password@]host:port[/db]`, `rediss://` for TLS. With `cluster`: one or several nodes, separated by commas. */
  readonly url: string
  /** The address is that of a Redis Cluster. */
  readonly cluster?: boolean
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
  /** Further settings of the connection (TLS, names …). */
  readonly connection?: Pick<
    RedisOptions,
    'tls' | 'connectionName' | 'username' | 'password' | 'family'
  >
  /** Further settings of a cluster (address translation …). */
  readonly clusterConnection?: Pick<ClusterOptions, 'natMap' | 'dnsLookup'>
}
