import { ByteReader, Malformed } from '../bytes.ts'
import { ByteWriter } from './byte-writer.ts'
import type { Changed } from './changed.ts'
import { type Name, noName, readName, readNames, writeName, writeNames } from './names.ts'

/**
 * The first byte. A form that a reader does not know, of a later version or an earlier one, names nothing to it: anything may have changed.
 * `read.lua` of the adapter for Redis reads this form, too.
 */
const version = 1

/** Used again and again: what is written is copied. */
const [whole, fieldsOfKey] = [new ByteWriter(), new ByteWriter()]

/** The version, how many keys, and for each of them its name, and as a run its fields as names; an empty one: it has none. */
export function encodeChanged(changed: Changed): Uint8Array {
  whole.byte(version)
  whole.varint(changed.size)
  let before = ''
  for (const key of [...changed.keys()].sort()) {
    before = writeName(whole, key, before)
    const fields = changed.get(key)!
    if (fields.size > 0) writeNames(fieldsOfKey, fields)
    whole.runOf(fieldsOfKey)
  }
  return whole.take()
}

/** `null`: these bytes are in no form that this version knows. */
export function decodeChanged(bytes: Uint8Array): Changed | null {
  const reader = new ByteReader(bytes)
  try {
    if (reader.byte() !== version) return null
    const changed = new Map<string, ReadonlySet<string>>()
    for (let left = reader.count(), before: Name = noName; left > 0; left--) {
      before = readName(reader, before.stem)
      changed.set(before.name, fieldsIn(reader))
    }
    reader.end()
    return changed
  } catch (error) {
    if (error instanceof Malformed) return null
    throw error
  }
}

const none: ReadonlySet<string> = new Set()

function fieldsIn(reader: ByteReader): ReadonlySet<string> {
  const end = reader.count() + reader.position
  if (end === reader.position) return none
  const fields = new Set(readNames(reader))
  if (reader.position !== end)
    throw new Malformed(reader.position, 'fields do not end where they should')
  return fields
}
