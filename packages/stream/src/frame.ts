import type { EpochMs } from '@deskpulse/core/time'
import { ByteReader, Malformed, varintLength, writeVarint } from './bytes.ts'
import { DeskpulseError } from './errors.ts'

/** What a log record's entry is; stream passes it on unread. 1 = event, 2 = configuration (contract). */
export type EntryKind = number
export type Entry = {
  readonly tenant: string
  readonly kind: EntryKind
  readonly bytes: Uint8Array
}

/** A sender's clocks at the moment in which it sealed a frame. */
export type SenderClock = {
  /** Of the monotonic clock: frames of one name measure the time between them by one and the same clock, whichever process sent them. */
  readonly name: string
  /** The wall clock, which may be wrong and may be put forward or back; not before 1970. */
  readonly wallMs: EpochMs
  /** The monotonic clock: from some beginning of its own, an integer, never back. */
  readonly monotonicMs: number
}

/** One record of `deskpulse.log`: many entries, or none (a heartbeat). */
export type Frame = {
  /** Who appended it: one id per ingest process. */
  readonly sender: string
  /** Absent in a frame of version 1, and where the sender says nothing of its clocks: log time does not follow such a frame where clocks are known. */
  readonly clock?: SenderClock
  /** Age of the sender's oldest input that it has not yet forwarded, 0 if none; `unknownBacklogMs` while it does not know. */
  readonly backlogMs: number
  readonly entries: readonly Entry[]
}

/** Older than anything: no watermark passes what a sender does not know. */
export const unknownBacklogMs = Number.MAX_SAFE_INTEGER

/** Log time of a record: what its partition's clocks make plausible (`LogClock` of the core). It never goes back; append times may. */
export type LogTimeMs = EpochMs

/**
 * The bytes of a frame: version, sender, in version 2 its clock's name, wall and monotonic time, backlog, the names of its tenants once each, then per
 * entry the tenant's number, the kind and the length-prefixed bytes. A frame without clocks is of version 1. A repeated tenant costs one byte; what an entry's bytes mean, and whether they can be read, is not decided here.
 */
export function encodeFrame(frame: Frame): Uint8Array {
  const tenants = new Map<string, number>()
  for (const { tenant } of frame.entries)
    if (!tenants.has(tenant)) tenants.set(tenant, tenants.size)
  const names = [...tenants.keys()].map((name) => Buffer.from(name, 'utf8'))
  const sender = Buffer.from(frame.sender, 'utf8')
  const clock =
    frame.clock === undefined
      ? null
      : { ...frame.clock, name: Buffer.from(frame.clock.name, 'utf8') }

  const into = new Uint8Array(encodedLength(frame, sender, clock, names, tenants))
  into[0] = clock === null ? versions.withoutClock : versions.withClock
  let at = writeRun(into, 1, sender)
  if (clock !== null) {
    at = writeRun(into, at, clock.name)
    at = writeVarint(into, at, clock.wallMs)
    at = writeVarint(into, at, clock.monotonicMs)
  }
  at = writeVarint(into, at, frame.backlogMs)
  at = writeVarint(into, at, names.length)
  for (const name of names) at = writeRun(into, at, name)
  at = writeVarint(into, at, frame.entries.length)
  for (const { tenant, kind, bytes } of frame.entries) {
    at = writeVarint(into, at, tenants.get(tenant) ?? 0)
    at = writeVarint(into, at, kind)
    at = writeRun(into, at, bytes)
  }
  return into
}

/**
 * The entries' bytes are views of `bytes`, not copies.
 * @throws DeskpulseError FRAME_UNREADABLE with the byte position, on anything that `encodeFrame` did not make; nothing else.
 */
export function decodeFrame(bytes: Uint8Array): Frame {
  const reader = new ByteReader(bytes)
  try {
    const version = reader.byte()
    if (version !== versions.withoutClock && version !== versions.withClock)
      throw new Malformed(0, `version ${version} is neither 1 nor 2`)
    const sender = reader.text()
    const clock = version === versions.withClock ? readClock(reader) : undefined
    const backlogMs = reader.varint()
    const tenants = Array.from({ length: reader.count() }, () => reader.text())
    const entries = Array.from({ length: reader.count() }, () => readEntry(reader, tenants))
    reader.end()
    return clock === undefined
      ? { sender, backlogMs, entries }
      : { sender, clock, backlogMs, entries }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    throw new DeskpulseError(
      'FRAME_UNREADABLE',
      `frame of ${bytes.length} bytes, at byte ${error.position}: ${error.message}`,
    )
  }
}

/** The log is kept for good: what was ever written stays readable. */
const versions = { withoutClock: 1, withClock: 2 } as const

function readClock(reader: ByteReader): SenderClock {
  return { name: reader.text(), wallMs: reader.varint() as EpochMs, monotonicMs: reader.varint() }
}

function readEntry(reader: ByteReader, tenants: readonly string[]): Entry {
  const start = reader.position
  const tenant = tenants[reader.varint()]
  if (tenant === undefined)
    throw new Malformed(start, 'an entry names a tenant that the frame does not list')
  return { tenant, kind: reader.varint(), bytes: reader.run() }
}

type EncodedClock = Omit<SenderClock, 'name'> & { readonly name: Uint8Array }

function encodedLength(
  frame: Frame,
  sender: Uint8Array,
  clock: EncodedClock | null,
  names: readonly Uint8Array[],
  tenants: ReadonlyMap<string, number>,
): number {
  let length = 1 + runLength(sender)
  if (clock !== null)
    length += runLength(clock.name) + varintLength(clock.wallMs) + varintLength(clock.monotonicMs)
  length +=
    varintLength(frame.backlogMs) + varintLength(names.length) + varintLength(frame.entries.length)
  for (const name of names) length += runLength(name)
  for (const { tenant, kind, bytes } of frame.entries)
    length += varintLength(tenants.get(tenant) ?? 0) + varintLength(kind) + runLength(bytes)
  return length
}

function runLength(bytes: Uint8Array): number {
  return varintLength(bytes.length) + bytes.length
}

function writeRun(into: Uint8Array, position: number, bytes: Uint8Array): number {
  const at = writeVarint(into, position, bytes.length)
  into.set(bytes, at)
  return at + bytes.length
}
