import { crc32 } from 'node:zlib'

/** A record as its table holds it. */
export type Row = {
  readonly offset: number
  readonly appended_ms: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: string | null
  /** `null`: an older version wrote it, without. */
  readonly checksum: number | null
}

/** CRC-32 of all that a record says, its place included: SQLite finds a page that makes no sense, but not a byte that is another one. */
export function checksumOf({
  offset,
  appended_ms: appendedMs,
  key,
  value,
  headers,
}: Omit<Row, 'checksum'>): number {
  let checksum = crc32(
    `${offset} ${appendedMs} ${key?.length ?? -1} ${value?.length ?? -1} ${headers ?? ''}`,
  )
  if (key !== null) checksum = crc32(key, checksum)
  if (value !== null) checksum = crc32(value, checksum)
  return checksum
}

export const isDamaged = (row: Row): boolean =>
  row.checksum !== null && row.checksum !== checksumOf(row)
