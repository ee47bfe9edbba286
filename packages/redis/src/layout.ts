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

type Layout = { readonly count: number; readonly tags: readonly string[] }

const layoutScript = script('layout')

/**
 * The keys of each partition, by the table `<namespace>:partitions`. The first who opens a store makes the table.
 * @throws DeskpulseError STORE_LAYOUT when it is of another generation or count.
 */
export async function openLayout(connection: Connection, options: RedisStateStoreOptions): Promise<KeysOf> {
  const { generation, partitions: count, namespace = 'dp', rebuilding = false } = options
  const proposed: Layout = { count, tags: tagsFor(count) }
  const args = [generation, JSON.stringify(proposed), rebuilding ? '1' : '0']
  const [current, found] = listOf(await answered('opening the store', run(connection, layoutScript, [`${namespace}:partitions`], args)))
  if (!found) {
    const message = `the store is of generation "${textOf(current)}" and the log of "${generation}": rebuild the store`
    throw new DeskpulseError('STORE_LAYOUT', message)
  }
  const layout = JSON.parse(textOf(found)) as Layout
  if (layout.count !== count) {
    const message = `the store has ${layout.count} partitions and the log ${count}: rebuild the store into a new generation`
    throw new DeskpulseError('STORE_LAYOUT', message)
  }
  const keys = layout.tags.map((tag) => partitionKeys(namespace, generation, tag))
  return (partition) => {
    const found = keys[partition]
    assert.ok(found, `there is no partition ${partition} of ${count}`)
    return found
  }
}
