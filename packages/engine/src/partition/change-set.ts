import { encodeOpen, type OpenEntry, openKey, type Subject } from '@deskpulse/core/state'
import type { OpenSubject } from '@deskpulse/core/subjects'
import type { EpochMs } from '@deskpulse/core/time'
import type { FieldChange, FoldedChange, HashExpiry, OutboxEntry, Put } from '@deskpulse/stream'
import type { Tenant } from './tenant.ts'

/** `by`: whose state says so. */
type Field = { readonly bytes: Uint8Array | null; readonly by: Subject }

/** Collects what one fold wants written, each key once. */
export class ChangeSet {
  readonly #puts = new Map<string, Put>()
  readonly #appends: { key: string; bytes: Uint8Array }[] = []
  readonly #expiries: HashExpiry[] = []
  readonly #wakes = new Map<string, EpochMs | null>()
  /** By hash, by field. */
  readonly #fields = new Map<string, Map<string, Field>>()
  readonly #out: OutboxEntry[] = []

  put(key: string, bytes: Uint8Array | null, expiresInMs?: number): void {
    this.#puts.set(key, { key, bytes, expiresInMs })
  }

  /** All records of a hash expire. */
  expire(hash: string, expiresInMs: number): void {
    this.#expiries.push({ key: hash, expiresInMs })
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

  field(key: string, field: string, bytes: Uint8Array | null, by: Subject = field): void {
    this.#fields.getOrInsertComputed(key, () => new Map()).set(field, { bytes, by })
  }

  /**
   * What goes on under a field of `open:<tenant>`; `null`: nothing any more. Where one subject goes on with what another ends, as at midnight, the
   * beginning wins.
   */
  open(tenant: Tenant, by: Subject, field: string, now: OpenSubject | null): void {
    const key = openKey(tenant.name)
    const told = this.#fields.get(key)?.get(field)
    if (now === null && told !== undefined && told.bytes !== null && told.by !== by) return
    this.field(key, field, now === null ? null : encodeOpen(placedIn(tenant, now)), by)
  }

  finish(times: { readonly logTimeMs: EpochMs; readonly watermarkMs: EpochMs }): FoldedChange {
    return {
      ...times,
      puts: [...this.#puts.values()],
      appends: this.#appends,
      expiries: this.#expiries,
      fields: this.#fieldChanges(),
      wakes: [...this.#wakes].map(([subject, atMs]) => ({ subject, atMs })),
      out: this.#out,
    }
  }

  #fieldChanges(): FieldChange[] {
    return [...this.#fields].flatMap(([key, fields]) =>
      [...fields].map(([field, { bytes }]) => ({ key, field, bytes })),
    )
  }
}

/** Each interval in the slices that were kept when it began. */
function placedIn(tenant: Tenant, { row, intervals, dimensions }: OpenSubject): OpenEntry {
  return {
    row,
    intervals: intervals.map(({ kind, sinceMs }) => ({
      kind,
      sinceMs,
      slices: tenant.slicesAt(sinceMs, dimensions),
    })),
  }
}
