import type { EpochMs, OpenDifference, Subject } from '@deskpulse/core'
import { openKey } from '@deskpulse/core'
import type { FoldedChange, OpenChange, OutboxEntry, Put } from '@deskpulse/stream'
import type { Tenant } from './tenant.ts'

/** Collects what one fold wants written, each key once. */
export class ChangeSet {
  readonly #puts = new Map<string, Put>()
  readonly #appends: { key: string; bytes: Uint8Array }[] = []
  readonly #wakes = new Map<string, EpochMs | null>()
  readonly #opened = new Map<string, OpenChange & { readonly by: Subject }>()
  readonly #ended = new Map<string, OpenChange>()
  readonly #out: OutboxEntry[] = []

  put(key: string, bytes: Uint8Array | null, expiresInMs?: number): void {
    this.#puts.set(key, { key, bytes, ...(expiresInMs === undefined ? {} : { expiresInMs }) })
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
        const key = openKey(tenant.name, slice, before.kind)
        const place = `${key}\n${before.member}`
        if (this.#opened.get(place)?.by === by) this.#opened.delete(place)
        this.#ended.set(place, { key, member: before.member, sinceMs: null })
      }
    }
    if (now === null) return
    for (const slice of tenant.slicesOf(now)) {
      const key = openKey(tenant.name, slice, now.kind)
      this.#opened.set(`${key}\n${now.member}`, { key, member: now.member, sinceMs: now.scoreMs, by })
    }
  }

  finish(times: { readonly logTimeMs: EpochMs; readonly watermarkMs: EpochMs }): FoldedChange {
    for (const place of this.#opened.keys()) this.#ended.delete(place)
    return {
      ...times,
      puts: [...this.#puts.values()],
      appends: this.#appends,
      open: [...this.#ended.values(), ...[...this.#opened.values()].map(({ key, member, sinceMs }) => ({ key, member, sinceMs }))],
      wakes: [...this.#wakes].map(([subject, atMs]) => ({ subject, atMs })),
      out: this.#out,
    }
  }
}
