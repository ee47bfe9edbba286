import type { EpochMs } from '../time/time.ts'
import { ByteReader, ByteWriter } from './bytes.ts'

const bytes = new ByteWriter()

/** How many contacts are open in a slice: a field of `backlog:<tenant>`, named by the slice's number; absent: none. */
export function encodeTally(contacts: number): Uint8Array {
  bytes.count(contacts)
  return bytes.take()
}

export const decodeTally = (stored: Uint8Array): number => new ByteReader(stored).count()

/** A contact that is open since `sinceMs`, and the numbers of the slices in which it is counted. */
export type BacklogMember = { readonly sinceMs: EpochMs; readonly slices: readonly number[] }

/** A field of `backlog:<tenant>:members`, named by the contact's id. */
export function encodeMember({ sinceMs, slices }: BacklogMember): Uint8Array {
  bytes.time(sinceMs)
  bytes.count(slices.length)
  for (const slice of slices) bytes.count(slice)
  return bytes.take()
}

export function decodeMember(stored: Uint8Array): BacklogMember {
  const reader = new ByteReader(stored)
  const sinceMs = reader.time()
  return { sinceMs, slices: Array.from({ length: reader.count() }, () => reader.count()) }
}
