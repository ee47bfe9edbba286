import type { EpochMs, OpenDifference, Subject } from '@deskpulse/core'
import type { FoldedChange, OpenChange, OutboxEntry, Put } from '@deskpulse/stream'
import type { Tenant } from './tenant.ts'

type Opened = { readonly sinceMs: EpochMs; readonly by: Subject }

/** Collects what one fold wants written, each key once. */
export class ChangeSet {
  readonly #puts = new Map<string, Put>()
  readonly #appends: { key: string; bytes: Uint8Array }[] = []
  readonly #wakes = new Map<string, EpochMs | null>()
  /** By key, by member; `null`: it ended. */
  readonly #open = new Map<string, Map<string, Opened | null>>()
  readonly #out: OutboxEntry[] = []

  put(key: string, bytes: Uint8Array | null, expiresInMs?: number): void {
    this.#puts.set(key, { key, bytes, expiresInMs })
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
        const members = this.#membersOf(tenant.openKeyOf(slice, before.kind))
        const opened = members.get(before.member) ?? null
        if (opened === null || opened.by === by) members.set(before.member, null)
      }
    }
    if (now === null) return
    const opened = { sinceMs: now.scoreMs, by }
    for (const slice of tenant.slicesOf(now)) this.#membersOf(tenant.openKeyOf(slice, now.kind)).set(now.member, opened)
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

  #membersOf(key: string): Map<string, Opened | null> {
    let members = this.#open.get(key)
    if (members === undefined) this.#open.set(key, (members = new Map()))
    return members
  }

  #openChanges(): OpenChange[] {
    const changes: OpenChange[] = []
    for (const [key, members] of this.#open) {
      for (const [member, opened] of members) changes.push({ key, member, sinceMs: opened?.sinceMs ?? null })
    }
    return changes
  }
}
