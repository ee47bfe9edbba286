import assert from 'node:assert/strict'
import { DeskpulseError } from '@deskpulse/stream'
import type { Connection } from './connection.ts'
import { answered } from './errors.ts'
import { partitionKeys } from './keys.ts'
import type { KeysOf } from './keys.ts'
import type { RedisStateStoreOptions } from './options.ts'
import { listOf, textOf } from './reply.ts'
import { run, script } from './script.ts'
import { tagsFor } from './slots.ts'

/** A generation, and where its keys are. */
export type Layout = { readonly generation: string; readonly keysOf: KeysOf }

type StoredLayout = { readonly count: number; readonly tags: readonly string[] }

type Which = 'only' | 'beside' | 'current'

const layoutScript = script('layout')
const firstGeneration = '1'

/** The table of a store's generations: `current`, `newest` (the last number given out), the layout of each, and those that are being removed. */
export const tableOf = ({ namespace = 'dp' }: Pick<RedisStateStoreOptions, 'namespace'>): string =>
  `${namespace}:partitions`

/** The field of a generation's layout. */
export const layoutField = (generation: string): string => `generation:${generation}`

/**
 * The keys of each partition, by the table `<namespace>:partitions`. The first who opens a store makes the table.
 * @param proposed the generation of a store that has none.
 * @throws DeskpulseError STORE_LAYOUT when it is of another generation than the options ask for, or of another count.
 */
export async function openLayout(
  connection: Connection,
  options: RedisStateStoreOptions,
  proposed = firstGeneration,
): Promise<Layout> {
  const { partitions: count, namespace = 'dp', rebuilding = false } = options
  const asked = options.generation ?? proposed
  const which: Which = options.generation === undefined ? 'current' : rebuilding ? 'beside' : 'only'
  const made: StoredLayout = { count, tags: tagsFor(count) }
  const reply = run(
    connection,
    layoutScript,
    [tableOf(options)],
    [asked, JSON.stringify(made), which],
  )
  const [current, found] = listOf(await answered('opening the store', reply))
  if (!found) {
    const message = `the store is of generation "${textOf(current)}" and the log of "${asked}": rebuild the store (deskpulse rebuild)`
    throw new DeskpulseError('STORE_LAYOUT', message)
  }
  const layout = JSON.parse(textOf(found)) as StoredLayout
  if (layout.count !== count) {
    const message = `the store has ${layout.count} partitions and the log ${count}: an installation keeps the count that it began with`
    throw new DeskpulseError('STORE_LAYOUT', message)
  }
  const generation = which === 'current' ? textOf(current) : asked
  const keys = layout.tags.map((tag) => partitionKeys(namespace, generation, tag))
  return {
    generation,
    keysOf(partition) {
      const found = keys[partition]
      assert.ok(found, `there is no partition ${partition} of ${count}`)
      return found
    },
  }
}
