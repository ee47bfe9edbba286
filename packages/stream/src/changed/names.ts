import { type ByteReader, Malformed } from '../bytes.ts'
import type { ByteWriter } from './byte-writer.ts'

/**
 * Names in few bytes. Most end in a number (an instant, a slice's number, an id), and many begin alike. So a name is a stem and a number, or a stem alone;
 * a stem is told by how many bytes it shares with the one before it, and the rest of it; the numbers of a stem by the distance from one to the next.
 *
 * Bytes: how many stems; per stem the shared bytes, the rest, how many names, and of each the distance of (0: the stem alone; n + 1: it is followed by n)
 * from the name before, of the first one from 0.
 */
export function writeNames(into: ByteWriter, names: Iterable<string>): readonly string[] {
  const stems = new Map<string, number[]>()
  for (const name of names) {
    const end = stemLength(name)
    stems.getOrInsertComputed(name.slice(0, end), () => []).push(end === name.length ? 0 : Number(name.slice(end)) + 1)
  }
  const written: string[] = []
  let before = noBytes
  into.varint(stems.size)
  for (const stem of [...stems.keys()].sort()) {
    const bytes = Buffer.from(stem, 'utf8')
    const shared = sharedBytes(before, bytes)
    into.varint(shared)
    into.run(bytes.subarray(shared))
    before = bytes
    const places = stems.get(stem)!.sort((a, b) => a - b)
    into.varint(places.length)
    let last = 0
    for (const place of places) {
      into.varint(place - last)
      last = place
      written.push(nameOf(stem, place))
    }
  }
  return written
}

/** Every name once, in the order in which they were written. @throws Malformed */
export function readNames(reader: ByteReader): string[] {
  const names: string[] = []
  let stem = noBytes
  for (let stems = reader.count(); stems > 0; stems--) {
    const shared = reader.varint()
    if (shared > stem.length) throw new Malformed(reader.position, 'shares more than there is')
    const rest = reader.run()
    stem = shared === 0 ? Buffer.from(rest) : Buffer.concat([stem.subarray(0, shared), rest])
    const text = stem.toString('utf8')
    let place = 0
    for (let left = reader.count(); left > 0; left--) {
      place += reader.varint()
      if (!Number.isSafeInteger(place)) throw new Malformed(reader.position, 'a number is too large')
      names.push(nameOf(text, place))
    }
  }
  return names
}

const noBytes = Buffer.alloc(0)
const nameOf = (stem: string, place: number): string => (place === 0 ? stem : `${stem}${place - 1}`)

/** More digits might be no safe integer. */
const digitsMax = 15
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39

/** Where the number begins that a name ends in, as such a number is written. */
function stemLength(name: string): number {
  let start = name.length
  while (start > 0 && name.length - start < digitsMax && isDigit(name.charCodeAt(start - 1))) start--
  while (start < name.length - 1 && name.charCodeAt(start) === 0x30) start++
  return start
}

function sharedBytes(one: Uint8Array, other: Uint8Array): number {
  const most = Math.min(one.length, other.length)
  let shared = 0
  while (shared < most && one[shared] === other[shared]) shared++
  return shared
}
