import type { EpochMs, OpenDifference, Subject } from '@deskpulse/core'
import type { FoldedChange, OpenChange, OutboxEntry, Put } from '@deskpulse/stream'
import type { Tenant } from './tenant.ts'

/** Collects what one fold wants written, each key once. */
export class ChangeSet {
  readonly #puts = new Map<string, Put>()
  readonly #appends: { key: string; bytes: Uint8Array }[] = []
  readonly #wakes = new Map<string, EpochMs | null>()
  /** By key, by member. */
  readonly #opened = new Map<string, Map<string, { readonly sinceMs: EpochMs; readonly by: Subject }>>()
  readonly #ended = new Map<string, Set<string>>()
  readonly #out: OutboxEntry[] = []

  put(key: string, bytes: Uint8Array | null, expiresInMs?: number): void {
    this.#puts.set(key, expiresInMs === undefined ? { key, bytes } : { key, bytes, expiresInMs })
  }

  append(key: string, bytes: Uint8Array): void {
    this.#appends.push({ key, bytes })
  }

  wake(subject: string, atMs: EpochMs | null): void {
    this.#wakes.set(subject, atMs)
  }

  out(entry: OutboxEntry): void {
    this.#out.push(entry)
  }

  /** An interval stands in every slice of its dimensions. Where one subject goes on with what another ends, as at midnight, the beginning wins. */
  open(tenant: Tenant, by: Subject, { before, now }: OpenDifference): void {
    if (before !== null) {
      for (const slice of tenant.slicesOf(before)) {
        const key = tenant.openKeyOf(slice, before.kind)
        const opened = this.#opened.get(key)
        if (opened?.get(before.member)?.by === by) opened.delete(before.member)
        getOrMake(this.#ended, key, () => new Set()).add(before.member)
      }
    }
    if (now === null) return
    const value = { sinceMs: now.scoreMs, by }
    for (const slice of tenant.slicesOf(now)) {
      getOrMake(this.#opened, tenant.openKeyOf(slice, now.kind), () => new Map()).set(now.member, value)
    }
  }

  finish(times: { readonly logTimeMs: EpochMs; readonly watermarkMs: EpochMs }): FoldedChange {
    return {
      ...times,
      puts: [...this.#puts.values()],
      appends: this.#appends,
      open: this.#openChanges(),
      wakes: [...this.#wakes].map(([subject, atMs]) => ({ subject, atMs })),
      out: this.#out,
    }
  }

  #openChanges(): OpenChange[] {
    const changes: OpenChange[] = []
    for (const [key, members] of this.#ended) {
      const opened = this.#opened.get(key)
      for (const member of members) if (opened?.has(member) !== true) changes.push({ key, member, sinceMs: null })
    }
    for (const [key, members] of this.#opened) for (const [member, { sinceMs }] of members) changes.push({ key, member, sinceMs })
    return changes
  }
}

function getOrMake<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  let value = map.get(key)
  if (value === undefined) map.set(key, (value = make()))
  return value
}
