import type { EpochMs } from '@deskpulse/core'
import { ByteReader, Malformed, varintLength, writeVarint } from './bytes.ts'
import { DeskpulseError } from './errors.ts'

/** What a log record's entry is; stream passes it on unread. 1 = event, 2 = configuration (contract). */
export type EntryKind = number
export type Entry = { readonly tenant: string; readonly kind: EntryKind; readonly bytes: Uint8Array }

/** One record of `deskpulse.log`: many entries, or none (a heartbeat). */
export type Frame = {
  /** Who appended it: one id per ingest process. */
  readonly sender: string
  /** Age of the sender's oldest input that it has not yet forwarded, 0 if none; `unknownBacklogMs` while it does not know. */
  readonly backlogMs: number
  readonly entries: readonly Entry[]
}

/** Older than anything: no watermark passes what a sender does not know. */
export const unknownBacklogMs = Number.MAX_SAFE_INTEGER

/** Log time of a record: the running maximum of append times in its partition. */
export type LogTimeMs = EpochMs

/**
 * The bytes of a frame: version, sender, backlog, the names of its tenants once each, then per entry the tenant's number, the kind and the
 * length-prefixed bytes. A repeated tenant costs one byte; what an entry's bytes mean, and whether they can be read, is not decided here.
 */
export function encodeFrame(frame: Frame): Uint8Array {
  const tenants = new Map<string, number>()
  for (const { tenant } of frame.entries) if (!tenants.has(tenant)) tenants.set(tenant, tenants.size)
  const names = [...tenants.keys()].map((name) => Buffer.from(name, 'utf8'))
  const sender = Buffer.from(frame.sender, 'utf8')

  const into = new Uint8Array(encodedLength(frame, sender, names, tenants))
  into[0] = frameVersion
  let at = writeRun(into, 1, sender)
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
    if (version !== frameVersion) throw new Malformed(0, `version ${version} is not ${frameVersion}`)
    const sender = reader.text()
    const backlogMs = reader.varint()
    const tenants = Array.from({ length: reader.count() }, () => reader.text())
    const entries = Array.from({ length: reader.count() }, () => readEntry(reader, tenants))
    reader.end()
    return { sender, backlogMs, entries }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    throw new DeskpulseError('FRAME_UNREADABLE', `frame of ${bytes.length} bytes, at byte ${error.position}: ${error.message}`)
  }
}

const frameVersion = 1

function readEntry(reader: ByteReader, tenants: readonly string[]): Entry {
  const start = reader.position
  const tenant = tenants[reader.varint()]
  if (tenant === undefined) throw new Malformed(start, 'an entry names a tenant that the frame does not list')
  return { tenant, kind: reader.varint(), bytes: reader.run() }
}

function encodedLength(frame: Frame, sender: Uint8Array, names: readonly Uint8Array[], tenants: ReadonlyMap<string, number>): number {
  let length = 1 + runLength(sender) + varintLength(frame.backlogMs) + varintLength(names.length) + varintLength(frame.entries.length)
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
