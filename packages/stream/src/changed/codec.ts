import { ByteReader, Malformed } from '../bytes.ts'
import { ByteWriter } from './byte-writer.ts'
import type { Changed } from './changed.ts'
import { readNames, writeNames } from './names.ts'

/**
 * The first byte. A form that a reader does not know, of a later version or an earlier one, names nothing to it: anything may have changed.
 * `read.lua` of the adapter for Redis reads this form, too.
 */
const version = 1

/** The version, the keys as names, then in their order for each of them the length of its fields and these as names; 0: it has none. */
export function encodeChanged(changed: Changed): Uint8Array {
  const into = new ByteWriter()
  into.byte(version)
  const keys = writeNames(into, changed.keys())
  for (const key of keys) {
    const fields = new ByteWriter()
    if (changed.get(key)!.size > 0) writeNames(fields, changed.get(key)!)
    into.run(fields.written())
  }
  return into.written()
}

/** `null`: these bytes are in no form that this version knows. */
export function decodeChanged(bytes: Uint8Array): Changed | null {
  const reader = new ByteReader(bytes)
  try {
    if (reader.byte() !== version) return null
    const changed = new Map<string, ReadonlySet<string>>()
    for (const key of readNames(reader)) changed.set(key, fieldsIn(reader.run()))
    reader.end()
    return changed
  } catch (error) {
    if (error instanceof Malformed) return null
    throw error
  }
}

const none: ReadonlySet<string> = new Set()

function fieldsIn(bytes: Uint8Array): ReadonlySet<string> {
  if (bytes.length === 0) return none
  const reader = new ByteReader(bytes)
  const fields = new Set(readNames(reader))
  reader.end()
  return fields
}
