import type { EpochMs } from '@deskpulse/core/time'
import { expect, onTestFinished } from 'vitest'
import type { Changed } from '../../changed/changed.ts'
import type { Offset, PartitionId } from '../../event-log.ts'
import type { Acquired, Change, DueWakes, StateStore } from '../../state-store.ts'

export type OpenStateStore = (options?: { readonly changesKept?: number }) => Promise<StateStore>

export const p0 = 0 as PartitionId
export const p1 = 1 as PartitionId
export const at = (ms: number): EpochMs => ms as EpochMs
/** All wakes that are due at that time. */
export const dueAt = (upToMs: number): DueWakes => ({ upToMs: at(upToMs), limit: 10_000 })
export const offset = (value: number): Offset => value as Offset
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
export const text = (value: Uint8Array | null | undefined): string | null | undefined =>
  value && new TextDecoder().decode(value)

/** What a change names, with its fields in their order. */
export const changes = (named: Readonly<Record<string, readonly string[]>>): Changed =>
  new Map(Object.entries(named).map(([key, fields]) => [key, new Set(fields)]))

export type Parts = Partial<
  Pick<Change, 'puts' | 'expiries' | 'appends' | 'fields' | 'lists' | 'wakes' | 'out'>
>

/** A store that closes when the test ends. */
export async function opened(
  open: OpenStateStore,
  options?: { readonly changesKept?: number },
): Promise<StateStore> {
  const store = await open(options)
  onTestFinished(() => store.close())
  return store
}

/** A change of `owner` from one offset to the next, at log time 1,000. */
export function changeOf(owner: Acquired, parts: Partial<Change> = {}): Change {
  return {
    epoch: owner.epoch,
    fromOffset: owner.offset,
    toOffset: offset((parts.fromOffset ?? owner.offset) + 1),
    ...{ logTimeMs: at(1_000), watermarkMs: at(900) },
    ...{ puts: [], appends: [], wakes: [], out: [] },
    ...parts,
  }
}

export type Writer = { readonly owner: Acquired; commit(parts?: Partial<Change>): Promise<void> }

/** Acquires the partition and commits one change after another, each of which must succeed. */
export async function writer(store: StateStore, partition: PartitionId = p0): Promise<Writer> {
  const owner = await store.acquire(partition)
  let next = owner.offset
  return {
    owner,
    async commit(parts = {}) {
      const change = changeOf({ ...owner, offset: next }, parts)
      expect(await store.commit(partition, change)).toEqual({ kind: 'committed' })
      next = change.toOffset
    },
  }
}

/** All that can be seen of some keys of a partition. */
export async function seen(
  store: StateStore,
  keys: readonly string[],
  listKeys: readonly string[] = [],
  partition: PartitionId = p0,
) {
  const {
    values,
    lists,
    changed: _,
    ...position
  } = await store.read(partition, {
    keys,
    lists: listKeys.map((key) => ({ key, members: 100 })),
  })
  const { wakes } = await store.load(partition, [], dueAt(Number.MAX_SAFE_INTEGER))
  return {
    ...position,
    values: values.map(text),
    lists,
    wakes,
    out: await store.readOutbox(partition, 100),
  }
}
