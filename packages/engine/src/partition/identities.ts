import type { CanonicalEvent } from '@deskpulse/core/events'
import { identitiesKey, type Subject } from '@deskpulse/core/state'
import { identityHash } from '@deskpulse/core/subjects'
import type { ChangeSet } from './change-set.ts'
import { IdentityChunk } from './identity-chunk.ts'

/** How far back an identity is known to stand at another subject: a tenant's last accepted events. They are kept in chunks, the oldest of which goes as a whole. */
export const identityLimits = { chunks: 8, eventsPerChunk: 2_048 } as const

/**
 * Where a tenant's last accepted events stand, by their identity: the same source and id at another subject is a conflict like one at the same subject.
 * An identity is known by 53 bits of its hash; whether its event is really there is for the subject to say.
 */
export class Identities {
  readonly #tenant: string
  /** Newest first. */
  #chunks: IdentityChunk[] = []

  /** `stored`: parallel to `Identities.keys`. */
  constructor(tenant: string, stored: readonly (Uint8Array | null)[]) {
    this.#tenant = tenant
    this.#chunks = stored
      .flatMap((bytes) =>
        bytes === null ? [] : [IdentityChunk.restore(bytes, identityLimits.eventsPerChunk)],
      )
      .sort((a, b) => b.number - a.number)
  }

  static keys(tenant: string): readonly string[] {
    return Array.from({ length: identityLimits.chunks }, (_, slot) => identitiesKey(tenant, slot))
  }

  /** Of the memory, for good until a chunk goes. */
  get bytes(): number {
    return this.#chunks.reduce((sum, { heldBytes }) => sum + heldBytes, 0)
  }

  /** The subject at which an event of this identity was last accepted; `null`: none is known. */
  subjectOf(event: CanonicalEvent): Subject | null {
    if (!isRetained(event)) return null
    const identity = identityHash(event)
    for (const chunk of this.#chunks) {
      const subject = chunk.subjectOf(identity)
      if (subject !== null) return subject
    }
    return null
  }

  /** The event was accepted at this subject. */
  put(event: CanonicalEvent, subject: Subject): void {
    if (isRetained(event)) this.#chunkWithRoom().put(identityHash(event), subject)
  }

  write(changes: ChangeSet): void {
    for (const chunk of this.#chunks) {
      const unwritten = chunk.takeUnwritten()
      if (unwritten === null) continue
      const key = identitiesKey(this.#tenant, chunk.number % identityLimits.chunks)
      if (unwritten.isWhole) changes.put(key, unwritten.bytes)
      else changes.append(key, unwritten.bytes)
    }
  }

  #chunkWithRoom(): IdentityChunk {
    const newest = this.#chunks[0]
    if (newest?.hasRoom === true) return newest
    const chunk = new IdentityChunk((newest?.number ?? -1) + 1, identityLimits.eventsPerChunk)
    this.#chunks = [chunk, ...this.#chunks].slice(0, identityLimits.chunks)
    return chunk
  }
}

/** No subject holds heartbeats: of them the largest counts, so that none can take another's place. */
const isRetained = ({ type }: CanonicalEvent): boolean => type !== 'agent.heartbeat'
