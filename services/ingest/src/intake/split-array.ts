const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const open = [0x5b, 0x7b]
const close = [0x5d, 0x7d]
const blanks = [0x20, 0x09, 0x0a, 0x0d]

/** What a byte does outside of strings: 1 opens, 2 closes, 3 begins a string, 4 separates, 5 is blank, 0 the rest. */
const role = new Uint8Array(256)
for (const byte of open) role[byte] = 1
for (const byte of close) role[byte] = 2
role[quote] = 3
role[comma] = 4
for (const byte of blanks) role[byte] = 5

export function firstByte(bytes: Uint8Array): number | undefined {
  return bytes.find((byte) => role[byte] !== 5)
}

/** The position behind the string that begins at `at`; the end of the bytes when it does not end. */
function afterString(bytes: Uint8Array, at: number): number {
  let i = at + 1
  while (i < bytes.length && bytes[i] !== quote) i += bytes[i] === backslash ? 2 : 1
  return i + 1
}

function trimmed(bytes: Uint8Array, start: number, end: number): Uint8Array {
  let from = start
  let to = end
  while (from < to && role[bytes[from]!] === 5) from += 1
  while (to > from && role[bytes[to - 1]!] === 5) to -= 1
  return bytes.subarray(from, to)
}

/**
 * The bytes of each element of a JSON array, so that one bad element is refused alone, with its own bytes. Views, not copies. Elements are not
 * parsed here: brackets of different kinds count as the same.
 * @returns `null` when the brackets do not close, or something follows the array. An empty array has no elements.
 */
export function splitArray(bytes: Uint8Array): Uint8Array[] | null {
  const elements: Uint8Array[] = []
  let depth = 0
  let start = 0
  for (let i = 0; i < bytes.length; i += 1) {
    switch (role[bytes[i]!]) {
      case 1:
        depth += 1
        if (depth === 1) start = i + 1
        break
      case 2:
        depth -= 1
        if (depth > 0) break
        return depth === 0 && firstByte(bytes.subarray(i + 1)) === undefined
          ? withLast(elements, trimmed(bytes, start, i))
          : null
      case 3:
        i = afterString(bytes, i) - 1
        break
      case 4:
        if (depth !== 1) break
        elements.push(trimmed(bytes, start, i))
        start = i + 1
        break
      default:
    }
  }
  return null
}

function withLast(elements: Uint8Array[], last: Uint8Array): Uint8Array[] {
  if (elements.length === 0 && last.length === 0) return elements
  elements.push(last)
  return elements
}
