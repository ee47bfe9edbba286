import type { PartitionId } from '@deskpulse/stream'

/** The names of one partition's keys in Redis; all of them hash to one slot. */
export type PartitionKeys = {
  readonly meta: string
  readonly wake: string
  readonly out: string
  readonly changes: string
  /** Written to see whether that can be done. */
  readonly probe: string
  /** The key of a record, a hash or a list. */
  of(key: string): string
}

/** Where readers are told of commits, of whichever generation. */
export const channelOf = ({ namespace = 'dp' }: { readonly namespace?: string }): string =>
  `${namespace}:commits`

export function partitionKeys(namespace: string, generation: string, tag: string): PartitionKeys {
  const prefix = `${namespace}:${generation}:{${tag}}:`
  return {
    meta: `${prefix}meta`,
    wake: `${prefix}wake`,
    out: `${prefix}out`,
    changes: `${prefix}changes`,
    probe: `${prefix}probe`,
    of: (key) => prefix + key,
  }
}

/** Finds a partition's keys. A partition that the layout does not have is a bug. */
export type KeysOf = (partition: PartitionId) => PartitionKeys
