import { identitiesKey, identityHash, type CanonicalEvent, type Subject } from '@deskpulse/core'
import type { ChangeSet } from './change-set.ts'

/** How far back an identity is known to stand at another subject: a tenant's last accepted events. They are kept in chunks, the oldest of which goes as a whole. */
export const identityLimits = { chunks: 8, eventsPerChunk: 2_048 } as const

type Entry = { readonly identity: number; readonly subject: Subject }
/** `entries`: as many as its bytes hold, an identity that came again included. */
type Chunk = { readonly number: number; readonly homes: Map<number, Subject>; entries: number }

/**
 * Where a tenant's last accepted events stand, by their identity: the same source and id at another subject is a conflict like one at the same subject.
 * An identity is known by 53 bits of its hash; whether its event is really there is for the subject to say.
 */
export class Identities {
  readonly #tenant: string
  /** Newest first. */
  #chunks: Chunk[] = []
  /** What is not in the store, by chunk: all of one that began since the last write, else what is to be appended. */
  #unwritten = new Map<number, Entry[]>()
  #newestStored = -1

  /** `stored`: parallel to `Identities.keys`. */
  constructor(tenant: string, stored: readonly (Uint8Array | null)[]) {
    this.#tenant = tenant
    const subjects = new Map<Subject, Subject>()
    this.#chunks = stored.flatMap((bytes) => (bytes === null ? [] : [decodeChunk(bytes, subjects)])).sort((a, b) => b.number - a.number)
    this.#newestStored = this.#chunks[0]?.number ?? -1
  }

  static keys(tenant: string): readonly string[] {
    return Array.from({ length: identityLimits.chunks }, (_, slot) => identitiesKey(tenant, slot))
  }

  /** The subject at which an event of this identity was last accepted; `null`: none is known. */
  subjectOf(event: CanonicalEvent): Subject | null {
    if (!isRetained(event)) return null
    const identity = identityHash(event)
    for (const { homes } of this.#chunks) {
      const subject = homes.get(identity)
      if (subject !== undefined) return subject
    }
    return null
  }

  /** The event was accepted at this subject. */
  put(event: CanonicalEvent, subject: Subject): void {
    if (!isRetained(event)) return
    const identity = identityHash(event)
    const chunk = this.#chunkWithRoom()
    chunk.homes.set(identity, subject)
    chunk.entries += 1
    this.#unwritten.getOrInsertComputed(chunk.number, () => []).push({ identity, subject })
  }

  write(changes: ChangeSet): void {
    for (const { number } of this.#chunks) {
      const unwritten = this.#unwritten.get(number)
      if (unwritten === undefined) continue
      const key = identitiesKey(this.#tenant, number % identityLimits.chunks)
      if (number > this.#newestStored) changes.put(key, encodeEntries(unwritten, number))
      else changes.append(key, encodeEntries(unwritten, null))
    }
    this.#unwritten.clear()
    this.#newestStored = this.#chunks[0]?.number ?? -1
  }

  #chunkWithRoom(): Chunk {
    const newest = this.#chunks[0]
    if (newest !== undefined && newest.entries < identityLimits.eventsPerChunk) return newest
    const chunk = { number: (newest?.number ?? -1) + 1, homes: new Map<number, Subject>(), entries: 0 }
    this.#chunks = [chunk, ...this.#chunks].slice(0, identityLimits.chunks)
    return chunk
  }
}

/** No subject holds heartbeats: of them the largest counts, so that none can take another's place. */
const isRetained = ({ type }: CanonicalEvent): boolean => type !== 'agent.heartbeat'

/** Big-endian: the chunk's number (8 bytes, a double), then per event its hash (8 bytes, a double), the length of the subject (2 bytes) and the subject in UTF-8. */
const headerBytes = 8
const entryHeaderBytes = 10

/** `number`: of a chunk that begins with these entries; `null`: they are appended to one. */
function encodeEntries(entries: readonly Entry[], number: number | null): Buffer {
  let at = number === null ? 0 : headerBytes
  // Three bytes a UTF-16 unit are the most that UTF-8 takes.
  const bytes = Buffer.allocUnsafe(entries.reduce((length, { subject }) => length + entryHeaderBytes + 3 * subject.length, at))
  if (number !== null) bytes.writeDoubleBE(number)
  for (const { identity, subject } of entries) {
    const length = bytes.write(subject, at + entryHeaderBytes)
    bytes.writeDoubleBE(identity, at)
    bytes.writeUInt16BE(length, at + 8)
    at += entryHeaderBytes + length
  }
  return bytes.subarray(0, at)
}

/** `subjects`: one string stands for all equal ones. */
function decodeChunk(stored: Uint8Array, subjects: Map<Subject, Subject>): Chunk {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength)
  const homes = new Map<number, Subject>()
  let entries = 0
  for (let at = headerBytes; at < bytes.length;) {
    const end = at + entryHeaderBytes + bytes.readUInt16BE(at + 8)
    const subject = bytes.toString('utf8', at + entryHeaderBytes, end)
    const known = subjects.get(subject) ?? subject
    subjects.set(known, known)
    homes.set(bytes.readDoubleBE(at), known)
    entries += 1
    at = end
  }
  return { number: bytes.readDoubleBE(0), homes, entries }
}
