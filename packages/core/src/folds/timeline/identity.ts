import type { CanonicalEvent } from '../../events/event.ts'

/**
 * 53 bits of an FNV-1a hash in two lanes, over source and id, of which neither holds a control character: another number is another identity, the same
 * number is nearly always the same one.
 */
export function identityHash({ source, id }: Pick<CanonicalEvent, 'source' | 'id'>): number {
  let low = 0x811c9dc5
  let high = 0x9747b28c
  for (const text of [source, '\n', id]) {
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at)
      low = Math.imul(low ^ unit, 0x01000193)
      high = Math.imul(high ^ unit, 0x5bd1e995) ^ (high >>> 15)
    }
  }
  return (high >>> 11) * 0x1_0000_0000 + (low >>> 0)
}
