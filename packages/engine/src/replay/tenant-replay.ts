import { setImmediate as nextTurn } from 'node:timers/promises'
import type { EpochMs } from '@deskpulse/core/time'
import type { Epoch, Folded, LogRecord, Offset, OutboxEntry, PartitionId } from '@deskpulse/stream'
import type { RowChanged } from '../partition/measure-deltas.ts'
import { PartitionFolder } from '../partition/partition-folder.ts'
import { MemoryStore } from './memory-store.ts'
import { type OwnRecord, withoutEntries } from './own-records.ts'

export type TenantReplayOptions = {
  /** What is known before the first record: a tenant's configuration, its rules. Default: nothing. */
  readonly store?: MemoryStore
  /**
   * Folds each record by itself at which something of the tenant may happen, and what is due by then before its entries, as a fold does that is never
   * behind. What is decided once a fold, which is alerts about agents, then follows from the log alone. It costs several times as much. Default: false.
   */
  readonly isStepwise?: boolean
  /** Contacts are folded alone: enough for rules about them, and much cheaper. Default: false. */
  readonly contactsOnly?: boolean
  /** Told of each row of the tenant's subjects that comes or goes: `TenantRows`. */
  readonly rowChanged?: RowChanged
  /** What a fold put into the outbox: alert transitions, refused entries. It is not kept in the store. */
  readonly told?: (entries: readonly OutboxEntry[]) => void
  /** No further fold. */
  readonly signal?: AbortSignal
}

/** What alert transitions, refusals and closed records would go to: `told` tells them apart by it. */
export const replayTopics = {
  alerts: 'alerts',
  deadLetters: 'dead-letters',
  closed: 'closed',
} as const

/**
 * One tenant's part of the log, folded in memory by the very fold that the aggregator runs: what it counts, decides and refuses is what the aggregator
 * would, had the log begun with the first record that is given. Other work gets a turn between two folds.
 */
export class TenantReplay {
  readonly store: MemoryStore
  readonly #folder: PartitionFolder
  readonly #options: TenantReplayOptions

  constructor(options: TenantReplayOptions = {}) {
    this.#options = options
    this.store = options.store ?? new MemoryStore()
    const times = { logTimeMs: 0 as EpochMs, watermarkMs: 0 as EpochMs }
    this.#folder = new PartitionFolder(
      0 as PartitionId,
      { ...times, offset: 0 as Offset, epoch: '1' as Epoch },
      {
        partitions: 1,
        deadLetterTopic: replayTopics.deadLetters,
        alertsTopic: replayTopics.alerts,
        closedTopic: replayTopics.closed,
        telemetry: { refused: () => {}, folded: () => {}, decided: () => {}, clock: () => {} },
        contactsOnly: options.contactsOnly,
        closesPeriods: false,
        rowChanged: options.rowChanged,
      },
    )
  }

  /** Log time so far. */
  get nowMs(): EpochMs {
    return this.store.logTimeMs
  }

  /** The records that come next in the log. @throws what the signal was aborted with. */
  async fold(records: readonly OwnRecord[]): Promise<void> {
    for (const piece of this.#options.isStepwise === true ? this.#steps(records) : [records])
      await this.#foldAll(piece.map(({ record }) => record))
  }

  /** Time passes without a record up to `atMs`, and each thing that is due until then happens when it is. @throws as `fold`. */
  async passTo(atMs: EpochMs): Promise<void> {
    const { wakes } = this.store
    for (let nextMs = wakes.nextMs; nextMs !== null && nextMs < atMs; nextMs = wakes.nextMs)
      await this.#pass(nextMs)
    await this.#pass(atMs)
  }

  /** The next piece is asked for once the one before is folded: by then it is known what is due next. */
  *#steps(records: readonly OwnRecord[]): Generator<readonly OwnRecord[]> {
    let quiet: OwnRecord[] = []
    for (const one of records) {
      const isDue = one.nowMs >= (this.store.wakes.nextMs ?? Infinity)
      if (!isDue && one.entries === 0) {
        quiet.push(one)
        continue
      }
      yield quiet
      if (isDue && one.entries > 0) yield [withoutEntries(one)]
      yield [one]
      quiet = []
    }
    yield quiet
  }

  async #foldAll(records: readonly LogRecord[]): Promise<void> {
    for (let rest = records; rest.length > 0;)
      rest = rest.slice(await this.#commit((folder, { load }) => folder.fold(rest, load)))
  }

  async #pass(atMs: EpochMs): Promise<void> {
    while ((await this.#commit((folder, { load }) => folder.pass(atMs, load))) === 0);
  }

  /** @returns how many records were taken. */
  async #commit(
    fold: (folder: PartitionFolder, store: MemoryStore) => Promise<Folded>,
  ): Promise<number> {
    const { signal, told } = this.#options
    signal?.throwIfAborted()
    const { taken, change } = await fold(this.#folder, this.store)
    this.store.apply(change)
    const out = this.store.out.splice(0)
    if (out.length > 0) told?.(out)
    await nextTurn()
    return taken
  }
}
