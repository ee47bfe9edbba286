import { createHash, type Hash } from 'node:crypto'
import { eventLimits, type Original, originalBytesMax } from '@deskpulse/contract'

const newline = 0x0a
const keptMax = originalBytesMax
/** What a piece of a line or body weighs beside its bytes: somebody may send a byte at a time. */
export const pieceBytes = 256

/** A line of NDJSON, without its end; one that is longer than an event may be is not kept whole. */
export type Line =
  | { readonly kind: 'line'; readonly bytes: Uint8Array }
  | { readonly kind: 'too-long'; readonly original: Original; readonly length: number }

/** Cuts a stream into lines with bounded memory. Blank lines are left out. Lines are views of the chunks. */
export type LineCutter = {
  push(chunk: Uint8Array): Line[]
  /** What the line that has not ended weighs. */
  held(): number
  /** The line that no newline ended. */
  end(): Line[]
}

const isBlank = (bytes: Uint8Array): boolean =>
  bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d)

export function lineCutter(): LineCutter {
  let parts: Uint8Array[] = []
  let length = 0
  /** Runs only once the line is too long to be kept. */
  let hash: Hash | null = null

  function add(bytes: Uint8Array): void {
    if (hash === null && length + bytes.length > keptMax) {
      hash = createHash('sha256')
      for (const part of parts) hash.update(part)
    }
    hash?.update(bytes)
    if (length < keptMax) parts.push(bytes.subarray(0, keptMax - length))
    length += bytes.length
  }

  function lineOf(bytes: Uint8Array): Line | null {
    if (length <= eventLimits.eventBytesMax) return isBlank(bytes) ? null : { kind: 'line', bytes }
    const original: Original =
      hash === null
        ? { kind: 'whole', bytes }
        : { kind: 'head', bytes, length, sha256: hash.digest('hex') }
    return { kind: 'too-long', original, length }
  }

  function cutInto(lines: Line[]): void {
    const line = lineOf(parts.length === 1 ? parts[0]! : Buffer.concat(parts))
    if (line !== null) lines.push(line)
    parts = []
    length = 0
    hash = null
  }

  return {
    push(chunk) {
      const lines: Line[] = []
      let start = 0
      for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, start)) {
        if (at === start && length === 0) {
          start = at + 1 // A blank line, cheaply: somebody may send nothing else.
          continue
        }
        add(chunk.subarray(start, at))
        cutInto(lines)
        start = at + 1
      }
      if (start < chunk.length) add(Buffer.from(chunk.subarray(start))) // A copy: a view would keep the whole chunk until the line ends.
      return lines
    },
    held: () => Math.min(length, keptMax) + parts.length * pieceBytes,
    end() {
      const lines: Line[] = []
      cutInto(lines)
      return lines
    },
  }
}
