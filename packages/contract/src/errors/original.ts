import { createHash } from 'node:crypto'

/** What a dead letter keeps of its original. */
export const originalBytesMax = 256 * 1024

/** An original as it came, or the beginning of one that was too long to keep. */
export type Original =
  | { readonly kind: 'whole'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'head'
      readonly bytes: Uint8Array
      readonly length: number
      readonly sha256: string
    }

/** Keeps at most 256 KB; of a longer one the head, the length and the SHA-256. A copy: what it was part of can go. */
export function originalOf(bytes: Uint8Array): Original {
  if (bytes.length <= originalBytesMax) return { kind: 'whole', bytes: Buffer.from(bytes) }
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return {
    kind: 'head',
    bytes: Buffer.from(bytes.subarray(0, originalBytesMax)),
    length: bytes.length,
    sha256,
  }
}

/** The headers by which the reader of a dead letter knows that it has only the head. */
export function originalHeaders(original: Original): Record<string, string> {
  return original.kind === 'whole'
    ? {}
    : { length: String(original.length), sha256: original.sha256 }
}
