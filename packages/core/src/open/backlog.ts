import type { Clock } from '../config/tenant-config.ts'
import type { DurationMs, EpochMs } from '../time/time.ts'
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

/** By when a contact is to be resolved. `limitMs`: so long after its request, `afterMs`: with the time in which that stood still. */
export type BacklogLimit = { readonly limitMs: DurationMs; readonly afterMs: DurationMs }

/** A contact that is open since `sinceMs`. `dueAfterMs`: its limit passes so long after that, on its clock. `null`: it has none, or it stands still. */
export type BacklogMember = BacklogPlace & {
  readonly sinceMs: EpochMs
  readonly limitMs: DurationMs | null
  readonly dueAfterMs: DurationMs | null
}

const flags = { business: 1, queue: 2 } as const

/** A field of `backlog:<tenant>:members`, named by the contact's id: since when, its limit (one larger; 0: none that runs) and how long it stood still, then its place. Equal places have equal bytes. */
export function encodeMember(member: BacklogMember): Uint8Array {
  const { sinceMs, limitMs, dueAfterMs, slices, clock, queue } = member
  bytes.time(sinceMs)
  if (limitMs === null || dueAfterMs === null) bytes.count(0)
  else {
    bytes.count(limitMs + 1)
    bytes.count(dueAfterMs - limitMs)
  }
  bytes.byte((clock === 'business' ? flags.business : 0) | (queue === null ? 0 : flags.queue))
  if (queue !== null) bytes.text(queue)
  bytes.count(slices.length)
  for (const slice of slices) bytes.count(slice)
  return bytes.take()
}

/** `place`: its bytes, to be told from others and read by `decodePlace`. */
export function splitMember(stored: Uint8Array): {
  readonly sinceMs: EpochMs
  readonly limit: BacklogLimit | null
  readonly place: Uint8Array
} {
  const reader = new ByteReader(stored)
  const sinceMs = reader.time()
  const limitMs = reader.count() - 1
  const limit = limitMs < 0 ? null : { limitMs, afterMs: limitMs + reader.count() }
  return { sinceMs, limit, place: reader.rest() }
}

export function decodePlace(stored: Uint8Array): BacklogPlace {
  const reader = new ByteReader(stored)
  const has = reader.byte()
  const queue = (has & flags.queue) === 0 ? null : reader.text()
  const slices = Array.from({ length: reader.count() }, () => reader.count())
  return { slices, clock: (has & flags.business) === 0 ? 'calendar' : 'business', queue }
}
