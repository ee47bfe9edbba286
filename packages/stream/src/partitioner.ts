import type { PartitionId } from './event-log.ts'

const seed = 0x9747b28c
const multiplier = 0x5bd1e995
const shift = 24

/** The partition of a tenant among `count`: the same that Kafka's default partitioner gives the tenant's name as a key, so that other producers agree. */
export function partitionOf(tenant: string, count: number): PartitionId {
  return ((murmur2(Buffer.from(tenant, 'utf8')) & 0x7fffffff) % count) as PartitionId
}

/** Kafka's 32-bit MurmurHash2, signed. */
export function murmur2(bytes: Uint8Array): number {
  const wholeLength = bytes.length & ~3
  let hash = seed ^ bytes.length
  for (let at = 0; at < wholeLength; at += 4) {
    hash =
      Math.imul(hash, multiplier) ^
      mixed(
        byte(bytes, at) |
          (byte(bytes, at + 1) << 8) |
          (byte(bytes, at + 2) << 16) |
          (byte(bytes, at + 3) << 24),
      )
  }
  const rest = bytes.length - wholeLength
  if (rest === 3) hash ^= byte(bytes, wholeLength + 2) << 16
  if (rest >= 2) hash ^= byte(bytes, wholeLength + 1) << 8
  if (rest >= 1) hash = Math.imul(hash ^ byte(bytes, wholeLength), multiplier)
  hash = Math.imul(hash ^ (hash >>> 13), multiplier)
  return hash ^ (hash >>> 15)
}

function mixed(word: number): number {
  const product = Math.imul(word, multiplier)
  return Math.imul(product ^ (product >>> shift), multiplier)
}

function byte(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0
}
