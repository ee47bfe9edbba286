import {
  type FoldRefusalCode,
  formatTime,
  listedEvent,
  type ListedRefusal,
  originalHeaders,
  originalOf,
  refusalLimits,
  tenantName,
} from '@deskpulse/contract'
import type { CanonicalEvent } from '@deskpulse/core/events'
import { refusalsKey } from '@deskpulse/core/state'
import type { EpochMs } from '@deskpulse/core/time'
import type { Load, OutboxEntry, PartitionId } from '@deskpulse/stream'
import type { ChangeSet } from './change-set.ts'
import type { Place } from './inbox.ts'
import { RefusalList } from './refusal-list.ts'

/** Why an accepted entry of the log is not counted, or not as it says. */
export type Refusal = { readonly code: FoldRefusalCode; readonly reason: string }

/** An entry, or an event that was counted until another one took its place. */
export type Refused = Refusal & {
  readonly tenant: string
  /** As the log has it. */
  readonly bytes: Uint8Array
  /** `null`: the entry is no event. */
  readonly event: CanonicalEvent | null
}

/** The entry at which it was decided. */
export type DecidedAt = { readonly place: Place; readonly nowMs: EpochMs }

/** `isLetter`: it went out as a dead letter too. */
type Waiting = {
  readonly refused: Refused
  readonly decidedAt: DecidedAt
  readonly isLetter: boolean
}

export type RefusalOptions = {
  readonly deadLetterTopic: string
  readonly telemetry: {
    refused(refused: {
      readonly tenant: string
      readonly source: string | undefined
      readonly code: FoldRefusalCode
    }): void
  }
}

/** What one partition refuses: each is counted, put out as a dead letter, and listed for its tenant. What is only noted is listed alone. */
export class Refusals {
  readonly #partition: PartitionId
  readonly #options: RefusalOptions
  /** Of tenants that have some, as far as they are loaded. */
  readonly #lists = new Map<string, RefusalList>()
  /** Not yet in their lists. */
  #waiting: Waiting[] = []

  constructor(partition: PartitionId, options: RefusalOptions) {
    this.#partition = partition
    this.#options = options
  }

  refuse(refused: Refused, decidedAt: DecidedAt, changes: ChangeSet): void {
    const { tenant, event, code } = refused
    const nth = this.#refusedAt(decidedAt.place)
    this.#options.telemetry.refused({ tenant, source: event?.source, code })
    changes.out(this.#letter(refused, decidedAt, nth))
    this.#waiting.push({ refused, decidedAt, isLetter: true })
  }

  /** Lists an entry that is counted, but not as its sender means it: no dead letter, as there is nothing to send again. */
  note(noted: Refused, decidedAt: DecidedAt): void {
    this.#waiting.push({ refused: noted, decidedAt, isLetter: false })
  }

  /** Puts the refusals of a fold into the lists of their tenants. What names no well-formed tenant has no list. */
  async write(changes: ChangeSet, load: Load): Promise<void> {
    if (this.#waiting.length === 0) return
    const byTenant = Map.groupBy(this.#waiting, ({ refused }) => refused.tenant)
    this.#waiting = []
    const names = [...byTenant.keys()].filter((name) => tenantName.safeParse(name).success)
    await this.#loadLists(names, load)
    for (const name of names) {
      const list = this.#lists.get(name)!
      for (const waiting of byTenant.get(name)!) list.add(this.#listed(waiting))
      list.write(changes)
    }
  }

  async #loadLists(names: readonly string[], load: Load): Promise<void> {
    const missing = names.filter((name) => !this.#lists.has(name))
    if (missing.length === 0) return
    const { values } = await load(missing.map(refusalsKey), null)
    for (const [index, name] of missing.entries())
      this.#lists.set(name, new RefusalList(name, values[index] ?? null))
  }

  #listed({ refused, decidedAt }: Waiting): ListedRefusal {
    const { code, reason, event, bytes } = refused
    const { place, nowMs } = decidedAt
    return {
      atMs: nowMs,
      code,
      reason: reason.slice(0, refusalLimits.reasonCharactersMax),
      partition: this.#partition,
      offset: place.offset,
      index: place.index,
      event: event === null ? null : listedEvent(event, bytes),
    }
  }

  /** How many were refused before at this very entry: an entry may also be why others are. */
  #refusedAt({ offset, index }: Place): number {
    let nth = 0
    for (let at = this.#waiting.length - 1; at >= 0; at -= 1) {
      const { decidedAt, isLetter } = this.#waiting[at]!
      if (decidedAt.place.offset !== offset || decidedAt.place.index !== index) break
      if (isLetter) nth += 1
    }
    return nth
  }

  /** The canonical, pseudonymised entry (of a huge one the head) and where it stands. A repeat of the fold gives the same id. */
  #letter(
    { tenant, bytes, code, reason }: Refused,
    { place: { offset, index }, nowMs }: DecidedAt,
    nth: number,
  ): OutboxEntry {
    const original = originalOf(bytes)
    const id = `${this.#partition}-${offset}-${index}`
    return {
      id: nth === 0 ? id : `${id}-${nth}`,
      topic: this.#options.deadLetterTopic,
      key: tenant,
      bytes: original.bytes,
      headers: {
        ...originalHeaders(original),
        code,
        reason,
        tenant,
        stage: 'fold',
        receivedAt: formatTime(nowMs),
        partition: String(this.#partition),
        offset: String(offset),
        index: String(index),
      },
    }
  }
}
