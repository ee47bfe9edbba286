import { ByteReader, ByteWriter } from './bytes.ts'

const bytes = new ByteWriter()

/** How many contacts are open in a slice: a field of `backlog:<tenant>`, named by the slice's number; absent: none. */
export function encodeTally(contacts: number): Uint8Array {
  bytes.count(contacts)
  return bytes.take()
}

export const decodeTally = (stored: Uint8Array): number => new ByteReader(stored).count()
