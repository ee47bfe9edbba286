import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { EntryUnreadable } from '../entries/unreadable.ts'

/** Of what is compressed: more than any record of ours holds, so that hostile bytes cannot ask for memory. */
export const inflatedBytesMax = 8 * 1024 * 1024

export function compressed(bytes: Uint8Array): Uint8Array {
  return zstdCompressSync(bytes)
}

/** @throws EntryUnreadable */
export function inflated(bytes: Uint8Array, what: string): Uint8Array {
  try {
    return zstdDecompressSync(bytes, { maxOutputLength: inflatedBytesMax })
  } catch (cause) {
    throw new EntryUnreadable(`${what} cannot be decompressed`, { cause })
  }
}
