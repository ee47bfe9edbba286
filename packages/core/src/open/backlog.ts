import { ByteReader, ByteWriter } from './bytes.ts'

/** How many contacts are open in a slice: a field of `backlog:<tenant>`, named by the slice's number; absent: none. */
export function encodeTally(contacts: number): Uint8Array {
  const bytes = new ByteWriter()
  bytes.count(contacts)
  return bytes.taken()
}

export const decodeTally = (bytes: Uint8Array): number => new ByteReader(bytes).count()
