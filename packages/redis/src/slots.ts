/** Slots of a Redis Cluster. */
export const slotCount = 16_384

/** CRC-16/XMODEM, which Redis Cluster hashes keys with. */
export function crc16(text: string): number {
  let crc = 0
  for (const byte of Buffer.from(text)) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++)
      crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff
  }
  return crc
}

/** The slot of a key whose hash tag is `tag`. */
export const slotOf = (tag: string): number => crc16(tag) % slotCount

/**
 * A hash tag for each partition: `<partition>-<suffix>`, with its slot in the middle half of the partition's equal share of all slots.
 * Partitions so spread evenly over nodes that share the slots evenly, as Redis Cluster does by default.
 */
export function tagsFor(partitions: number): string[] {
  const share = slotCount / partitions
  return Array.from({ length: partitions }, (_, partition) => {
    const [from, to] = [(partition + 0.25) * share, (partition + 0.75) * share]
    for (let suffix = 0; ; suffix++) {
      const tag = `${partition}-${suffix.toString(36)}`
      const slot = slotOf(tag)
      if (slot >= Math.floor(from) && slot <= to) return tag
    }
  })
}
