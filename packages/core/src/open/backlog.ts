import type { Clock } from '../config/tenant-config.ts'
import type { EpochMs } from '../time/time.ts'
import { ByteReader, ByteWriter } from './bytes.ts'

const bytes = new ByteWriter()

/** How many contacts are open in a slice: a field of `backlog:<tenant>`, named by the slice's number; absent: none. */
export function encodeTally(contacts: number): Uint8Array {
  bytes.count(contacts)
  return bytes.take()
}

export const decodeTally = (stored: Uint8Array): number => new ByteReader(stored).count()

/** How a contact is counted while it is open: the numbers of its slices, the clock of its class, and the queue whose calendar business time is of. */
export type BacklogPlace = {
  readonly slices: readonly number[]
  readonly clock: Clock
  readonly queue: string | null
}

/** A contact that is open since `sinceMs`. */
export type BacklogMember = BacklogPlace & { readonly sinceMs: EpochMs }

const flags = { business: 1, queue: 2 } as const

/** A field of `backlog:<tenant>:members`, named by the contact's id: since when, then its place. Equal places have equal bytes. */
export function encodeMember({ sinceMs, slices, clock, queue }: BacklogMember): Uint8Array {
  bytes.time(sinceMs)
  bytes.byte((clock === 'business' ? flags.business : 0) | (queue === null ? 0 : flags.queue))
  if (queue !== null) bytes.text(queue)
  bytes.count(slices.length)
  for (const slice of slices) bytes.count(slice)
  return bytes.take()
}

/** `place`: its bytes, to be told from others and read by `decodePlace`. */
export function splitMember(stored: Uint8Array): {
  readonly sinceMs: EpochMs
  readonly place: Uint8Array
} {
  const reader = new ByteReader(stored)
  return { sinceMs: reader.time(), place: reader.rest() }
}

export function decodePlace(stored: Uint8Array): BacklogPlace {
  const reader = new ByteReader(stored)
  const has = reader.byte()
  const queue = (has & flags.queue) === 0 ? null : reader.text()
  const slices = Array.from({ length: reader.count() }, () => reader.count())
  return { slices, clock: (has & flags.business) === 0 ? 'calendar' : 'business', queue }
}
